import { hook } from "@miqro/core";

/** A task of the list. */
export interface Task {
  readonly id: number;
  readonly title: string;
  readonly done: boolean;
}

const tasks = new Map<number, Task>();

/** Gives handlers the list: a request hook whose field is typed. */
export const addTasks = hook<{ tasks: Map<number, Task> }>("request", (req) => {
  req.tasks = tasks;
});

/** Opens the store with the app, and closes it with the app. */
export const store = hook.lifespan(() => {
  tasks.set(1, { id: 1, title: "Read the README", done: false });
  return () => {
    tasks.clear();
    console.log("The store is closed.");
  };
});
