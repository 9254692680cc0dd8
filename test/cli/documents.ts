// The JSON documents that commands print, checked against their schemas by ajv itself rather than by our own code:
// what aura says of its output and what it checks its input with must not be one thing. The types are those of
// generated/, which the check makes true.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'vitest';
import type { ErrorsDocument } from '../../generated/errors.js';
import type { GenerateResult } from '../../generated/generate-result.js';
import type { Manifest } from '../../generated/manifest.js';
import { PROJECT } from './run-aura.js';

const compiled = new Map<string, ValidateFunction>();

/** Expects `text` to be one JSON document that `schemas/<schema>.schema.json` describes, and gives it. */
export function expectDocument(text: string, schema: string): unknown {
  const data: unknown = JSON.parse(text);
  const validate = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, validate);
  validate(data);
  expect(validate.errors ?? [], `${schema}.schema.json`).toEqual([]);
  return data;
}

function compile(schema: string): ValidateFunction {
  const file = path.join(PROJECT, 'schemas', `${schema}.schema.json`);
  return new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
}

export function expectErrors(text: string): ErrorsDocument {
  expectDocument(text, 'errors');
  const document: ErrorsDocument = JSON.parse(text);
  return document;
}

export function expectGenerateResult(text: string): GenerateResult {
  expectDocument(text, 'generate-result');
  const document: GenerateResult = JSON.parse(text);
  for (const { manifest } of document.suites) expectDocument(JSON.stringify(manifest), 'manifest');
  return document;
}

export function expectManifest(text: string): Manifest {
  expectDocument(text, 'manifest');
  const manifest: Manifest = JSON.parse(text);
  return manifest;
}
