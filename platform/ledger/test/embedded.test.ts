import { openTestLedger } from '@firebreak/ledger/testing'
import { ledgerContract } from './contract.ts'

ledgerContract('embedded', () => ({ open: (options) => openTestLedger(options) }))
