import { appErrorTexts } from '../../../shared/app-errors.ts'
import { symptoms, type Symptom } from '../../../shared/diagnostics.ts'
import { t } from '../../words/index.ts'

/** What the phone shows, or what the caller complains of. */
export function symptomText(symptom: Symptom): string {
  return symptom === 'mail-image' || symptom === 'unreadable-code'
    ? t(`troubleshooting.complaints.${symptom}`)
    : appErrorTexts[symptom]
}

/** The symptom whose text an app shows; null for none of them. */
export function symptomShown(text: string | null): Symptom | null {
  return symptoms.find((symptom) => symptomText(symptom) === text) ?? null
}

/** Whether nothing can be checked without knowing whose phone it is. */
export function isOfUser(symptom: Symptom): boolean {
  switch (symptom) {
    case 'invalid-username':
    case 'invalid-provision-code':
    case 'downloading-security-strings':
    case 'reprovision-url':
      return true
    case 'unknown-server-id':
    case 'server-connection':
    case 'mail-image':
    case 'unreadable-code':
      return false
    default:
      return symptom satisfies never
  }
}
