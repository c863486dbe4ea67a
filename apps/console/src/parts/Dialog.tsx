import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  readonly opened: boolean
  readonly close: () => void
  readonly title: string
  readonly size?: 'md' | 'lg'
  readonly children: ReactNode
}

/** A dialog with its title and a way out; made of Mantine's parts because its own header would be a second banner. */
export function Dialog({ opened, close, title, size = 'md', children }: Props) {
  return (
    <Modal.Root opened={opened} onClose={close} size={size} yOffset="9vh">
      <Modal.Overlay />
      <Modal.Content aria-label={title} radius="lg">
        <Modal.Body>
          <div className="row between dialog-head">
            <h2>{title}</h2>
            <Modal.CloseButton aria-label="Close" />
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
