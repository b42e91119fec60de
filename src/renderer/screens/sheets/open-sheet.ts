import { navigate } from '../../routes.ts'

export function openNewSheet(): void {
  navigate({ screen: 'sheets', item: 'new', params: {} })
}

export function openSheet(id: number): void {
  navigate({ screen: 'sheets', item: String(id), params: {} })
}

export function openSheetList(): void {
  navigate({ screen: 'sheets', item: null, params: {} })
}
