/** Where this console's own server answers: '' for the root, '/own' for the visitor's own store. */
export function basePath(pathname: string): string {
  return pathname === '/own' || pathname.startsWith('/own/') ? '/own' : ''
}
