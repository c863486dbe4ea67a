import { ProblemError, problemOf } from '../api/client.ts'
import { basePath } from '../base.ts'

/** The address under which a file of links is brought in. */
export function importPath(name: string, relation: string): string {
  return `${basePath(location.pathname)}/v1/imports?${new URLSearchParams({ name, relation })}`
}

/** Sends a file as it is, telling how much has gone out (0 to 1). fetch cannot tell, hence XMLHttpRequest. */
export function upload(file: File, relation: string, onProgress: (share: number) => void, signal: AbortSignal) {
  return new Promise<{ id: string }>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', importPath(file.name, relation))
    request.setRequestHeader('content-type', file.name.endsWith('.gz') ? 'application/gzip' : 'text/csv')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    request.onload = () => {
      if (request.status >= 400) reject(problemOf(request.status, request.responseText))
      else resolve(JSON.parse(request.responseText) as { id: string })
    }
    request.onerror = () =>
      reject(new ProblemError('console/offline', 0, 'The upload broke off. Is the server still running?'))
    request.onabort = () =>
      reject(new ProblemError('console/cancelled', 0, 'The upload was cancelled; nothing is half imported.'))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
