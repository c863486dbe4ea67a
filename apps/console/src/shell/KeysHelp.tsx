import { KEYS } from '../keys.ts'
import { Dialog } from '../parts/Dialog.tsx'

export function KeysHelp({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  return (
    <Dialog opened={opened} close={close} title="Keys">
      <table className="plain">
        <thead>
          <tr>
            <th>Key</th>
            <th>What it does</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(([keys, what]) => (
            <tr key={keys}>
              <td style={{ whiteSpace: 'nowrap' }}>
                <kbd>{keys}</kbd>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft small" style={{ marginTop: 10 }}>
        Letters and digits do nothing while you type or hold Ctrl.
      </p>
    </Dialog>
  )
}
