import { ShieldIcon } from '../parts/icons.tsx'

/** Nobody is signed in: where the one-time link is to be found. */
export function SignInNeeded() {
  return (
    <section className="card empty" style={{ marginTop: 48, padding: 40 }} aria-labelledby="sign-in">
      <span className="soft">
        <ShieldIcon size={36} />
      </span>
      <h1 id="sign-in">Open the sign-in link</h1>
      <p>
        Firebreak printed a link that works once in the window where it was started. Open that link in this browser; it
        signs you in and brings you here.
      </p>
      <pre className="mono card pad" style={{ textAlign: 'left', background: 'var(--sunk)', margin: 0 }}>
        Sign in: {location.origin}/sign-in?token=…
      </pre>
      <p className="soft">
        The link was used already, or the window is gone? Stop Firebreak (Ctrl C) and start it again with{' '}
        <code>npm start</code>: it prints a new one. Nothing that was stored is lost.
      </p>
    </section>
  )
}
