// An index of its own on the Elasticsearch that the test run started.

import { randomBytes } from 'node:crypto';

/** A name in the cluster for one installation, and what it holds. */
export class Index {
  #server = process.env.VEKHA_TEST_ELASTICSEARCH_URL;

  constructor() {
    if (!this.#server) {
      throw new Error('VEKHA_TEST_ELASTICSEARCH_URL is not set: `cargo xtask test` starts Elasticsearch and sets it');
    }
    this.name = `e2e-${randomBytes(6).toString('hex')}`;
  }

  /** What a server is told of it. */
  get environment() {
    return { VEKHA_ELASTICSEARCH_URL: this.#server, VEKHA_ELASTICSEARCH_INDEX: this.name };
  }

  /** How many documents can be found in it. */
  async count() {
    const response = await fetch(`${this.#server}/${this.name}/_count`);
    return response.ok ? (await response.json()).count : 0;
  }

  /** Removes what servers made of it. */
  async drop() {
    await fetch(`${this.#server}/${this.name}*`, { method: 'DELETE' });
  }
}
