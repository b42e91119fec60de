import fc from 'fast-check'

/**
 * `npm test` draws the same cases in each run, so that what passes here passes anywhere; PROVISION_TEST_SEED draws others
 * (`random` new ones each time).
 */
const wanted = process.env['PROVISION_TEST_SEED'] ?? '20260504'
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) })
