import { Button } from '@mantine/core'
import { t } from '../../words/index.ts'
import classes from './Backup.module.css'

/** A page in a browser may not say where a file is written on the server. */
export function KeyFileNote({ onDone }: { onDone: () => void }) {
  return (
    <div className={classes.passphrase}>
      <p className={classes.note}>{t('backup.keys.fileText')}</p>
      <pre className={classes.command}>provision key add file PATH</pre>
      <p className={classes.note}>{t('backup.keys.fileNote')}</p>
      <div className={classes.foot}>
        <Button variant="default" data-autofocus onClick={onDone}>
          {t('actions.close')}
        </Button>
      </div>
    </div>
  )
}
