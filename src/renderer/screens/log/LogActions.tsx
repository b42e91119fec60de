import { KeepButton } from './KeepButton.tsx'
import { VerifyButton } from './VerifyButton.tsx'

export function LogActions() {
  return (
    <>
      <KeepButton />
      <VerifyButton />
    </>
  )
}
