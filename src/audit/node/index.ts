/** Auditing folders of pictures in Node. */
export { type CopyOptions, checkCleanPlace, copyClean, formatFixes } from './apply-fixes.ts';
export { type AuditOptions, auditPictures } from './audit-pictures.ts';
export { auditTable, type TableAudit, type TableAuditOptions } from './audit-table.ts';
export { type AuditGroups, auditGroups, readAudit } from './read-audit.ts';
export { type ReadPicture, readSmallPicture } from './read-small-picture.ts';
