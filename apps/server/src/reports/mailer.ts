import { createTransport } from 'nodemailer'

/** Sends plain mail; without a mail server nothing is sent and `configured` says so. */
export interface Mailer {
  readonly configured: boolean
  send(to: string, subject: string, text: string): Promise<void>
  close(): void
}

/** `url`: smtp(s)://user:password@host:port; `from`: the sender's address. */
export function openMailer(url: string | undefined, from: string | undefined): Mailer {
  if (!url || !from)
    return { configured: false, send: () => Promise.reject(new Error('no mail server is set')), close: () => {} }
  const transport = createTransport(url)
  return {
    configured: true,
    send: async (to, subject, text) => void (await transport.sendMail({ from, to, subject, text })),
    close: () => transport.close(),
  }
}
