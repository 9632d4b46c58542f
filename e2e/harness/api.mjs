// People as programs see them: signed in with tokens in the body, calling GraphQL over HTTP.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

import { clock } from './clock.mjs';

/** One password for all: long, and not a common one. */
export const password = 'тихая-гавань-47';

/** Sends one operation; returns the whole answer. */
export async function post(server, query, variables = {}, token = null) {
  const response = await fetch(server.graphql, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** Asks until the answer is as it has to become, for ten seconds at most; gives the last answer. */
async function answered(ask, holds) {
  const until = performance.now() + 10_000;
  let answer = await ask();
  while (!holds(answer) && performance.now() < until) {
    await pause(50);
    answer = await ask();
  }
  return answer;
}

/** A person with an account. */
export class Person {
  constructor(server, account, session) {
    this.server = server;
    this.name = account.name;
    this.email = account.email;
    this.token = session.accessToken;
    this.id = session.viewer.id;
  }

  /** Registers an account and signs in. */
  static async register(server, name, email, timeZone = 'Europe/Moscow') {
    const query = `mutation ($input: RegisterInput!) {
      register(input: $input) { viewer { id } accessToken userErrors { code message field } }
    }`;
    const input = { name, email, password, delivery: 'BODY', locale: 'RU', timeZone };
    const { data, errors } = await post(server, query, { input });
    assert.deepEqual([errors, data?.register?.userErrors], [undefined, []], `${name} can register`);
    return new Person(server, { name, email }, data.register);
  }

  /** The data of an operation that has to succeed. */
  async call(query, variables) {
    const { data, errors } = await post(this.server, query, variables, this.token);
    assert.equal(errors, undefined, JSON.stringify(errors));
    for (const payload of Object.values(data)) assert.deepEqual(payload?.userErrors ?? [], []);
    return data;
  }

  /** Sets a task; what is not given takes its default. */
  async createTask(input) {
    const query = `mutation ($input: TaskCreateInput!) {
      taskCreate(input: $input) { task { id number title version status } userErrors { code message field } }
    }`;
    const { taskCreate } = await this.call(query, { input });
    return taskCreate.task;
  }

  /** Changes a task's status; returns the task as it is then. */
  async transition(task, action, reason) {
    const query = `mutation ($id: ID!, $version: Int!, $action: TaskAction!, $reason: String) {
      taskTransition(id: $id, version: $version, action: $action, reason: $reason) {
        task { id number title version status } userErrors { code message field }
      }
    }`;
    const { taskTransition } = await this.call(query, { id: task.id, version: task.version, action, reason });
    return taskTransition.task;
  }

  /** The deadline of a task as the server has it. */
  async deadline({ number }) {
    const { task } = await this.call('query ($number: Int!) { task(number: $number) { deadline } }', { number });
    return task.deadline;
  }

  /** Waits until the server has that deadline of a task: a screen shows it before. */
  async deadlineIs(task, expected) {
    const deadline = await answered(() => this.deadline(task), (deadline) => deadline === expected);
    assert.equal(deadline, expected, task.title);
  }

  /** Waits until the search engine finds a task by a text: it follows the log, and answers a moment after the change. */
  async finds(title, text = title) {
    const query = `query ($input: TaskSearchInput!) { taskSearch(input: $input) { nodes { title } } }`;
    const search = async () => (await this.call(query, { input: { text } })).taskSearch.nodes.map((task) => task.title);
    const titles = await answered(search, (titles) => titles.includes(title));
    assert.ok(titles.includes(title), `${title} is not found by ${text}`);
  }

  /** Gives a person another role. */
  async changeRole(person, role) {
    const query = `mutation ($id: ID!, $role: Role!) {
      userRoleChange(id: $id, role: $role) { user { role } userErrors { code message field } }
    }`;
    await this.call(query, { id: person.id, role });
  }

  /** Adds a comment. */
  async comment(task, body) {
    const query = `mutation ($taskId: ID!, $body: String!) {
      commentAdd(taskId: $taskId, body: $body) { comment { id } userErrors { code message field } }
    }`;
    await this.call(query, { taskId: task.id, body });
  }
}

/** Three people, one of each role. */
export async function company(server) {
  const admin = await Person.register(server, 'Ольга Смирнова', 'olga@example.com');
  const supervisor = await Person.register(server, 'Анна Соколова', 'anna@example.com');
  const manager = await Person.register(server, 'Пётр Иванов', 'petr@example.com');
  await admin.changeRole(supervisor, 'SUPERVISOR');
  return { admin, supervisor, manager };
}

/** A moment so many hours from now, as the contract writes it. */
export const inHours = (hours) => clock.inHours(hours);
