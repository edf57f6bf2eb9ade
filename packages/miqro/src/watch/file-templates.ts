import type { FileTemplate } from "../conventions/file-template.js";
import { conventions } from "../conventions/table.js";
import { httpFiles } from "../http-files/table.js";

/** The templates of all conventions and kinds of files of this version, in the order of their tables. */
export async function readTemplates(): Promise<FileTemplate[]> {
  const templates: FileTemplate[] = [];
  for (const { load } of [...httpFiles, ...conventions]) {
    const loaded = await load?.();
    if (loaded?.template !== undefined) templates.push(loaded.template);
  }
  const { migrationTemplate } = await import("../conventions/migration.js");
  return [...templates, migrationTemplate];
}
