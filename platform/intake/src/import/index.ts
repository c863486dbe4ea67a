export { type ImportReport, type ImportRequest, importFile } from './import-file.ts'
