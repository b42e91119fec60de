import classes from './Sheets.module.css'

/** Where things lie in a letter: address, heading, code, steps. */
export function LetterPicture() {
  const bars = [102, 110, 116, 172, 178, 184, 190, 206, 212]
  return (
    <svg className={classes.page} viewBox="0 0 210 297" aria-hidden>
      <rect className={classes.paper} width={210} height={297} />
      <rect className={classes.window} x={20} y={45} width={85} height={45} rx={2} />
      {[64, 70, 76].map((y) => (
        <rect key={y} className={classes.bar} x={25} y={y} width={y === 64 ? 40 : 28} height={2.4} />
      ))}
      {bars.map((y) => (
        <rect key={y} className={classes.bar} x={25} y={y} width={y === 102 ? 80 : 150} height={y === 102 ? 4 : 2.4} />
      ))}
      <rect className={classes.code} x={25} y={124} width={40} height={40} />
      {[128, 140, 152].map((y) => (
        <rect key={y} className={classes.bar} x={74} y={y} width={50} height={3} />
      ))}
    </svg>
  )
}
