/** One of the Mobile Client's policies as the app receives it with its security strings. */
export interface DevicePolicy {
  id: string
  section: string
  show: boolean
  value: string
}
