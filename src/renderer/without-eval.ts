import { z } from 'zod'

// Zod would try out whether it may compile its checks, which the policy of the page refuses and browsers report as an attack.
z.config({ jitless: true })
