import { type JSXNode, useEffect, useState } from "@miqro/jsx";
import type { FileTemplate } from "../editor/host.js";
import { get } from "./api.js";
import { closeDialog, DialogFrame } from "./dialog-frame.js";
import { PathForm } from "./path-form.js";
import { useStore } from "./store.js";
import { tellError } from "./ui.js";
import { create, createFolder, tabs } from "./workspace.js";

interface Templates {
  readonly services: readonly string[];
  readonly templates: readonly FileTemplate[];
}

/** A dialog that creates a folder or a file. A new file is empty or has the content of a template. */
export function NewFileDialog(): JSXNode {
  const { active } = useStore(tabs);
  const folder = active?.includes("/") === true ? `${active.slice(0, active.lastIndexOf("/"))}/` : "";
  const [{ services, templates }, setTemplates] = useState<Templates>({ services: [], templates: [] });
  const [chosen, setChosen] = useState("");
  const [path, setPath] = useState(folder);
  useEffect(() => {
    get<Templates>("templates").then(setTemplates, tellError);
  }, []);

  const choose = (event: Event): void => {
    const name = (event.target as HTMLSelectElement).value;
    setChosen(name);
    const own = services.find((service) => active?.startsWith(`${service}/`)) ?? services[0] ?? "";
    setPath(name === "" || name === "folder" ? folder : `${own === "" ? "" : `${own}/`}${name}`);
  };
  const make = (): void => {
    const text = templates.find(({ name }) => name === chosen)?.text ?? "";
    const made = chosen === "folder" ? createFolder(path) : create(path, text);
    made.then(closeDialog, tellError);
  };
  return (
    <DialogFrame title="New file">
      <PathForm label="Path" path={path} onPath={setPath} action="Create" onSubmit={make}>
        <label>
          Begin with
          <select value={chosen} onChange={choose}>
            <option value="">an empty file</option>
            <option value="folder">a folder</option>
            {templates.map(({ name, about }) => (
              <option key={name} value={name}>
                {name}: {about}
              </option>
            ))}
          </select>
        </label>
      </PathForm>
    </DialogFrame>
  );
}
