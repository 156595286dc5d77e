// @vitest-environment node
import type { KernelSpec } from '@jupyterlab/services';
import { describe, expect, test } from 'vitest';

import { isScript, rditSpec } from '../../lab/src/file_kernel';

/** What a server tells of kernels with these names and commands. */
function specs(commands: Record<string, string>): KernelSpec.ISpecModels {
  const kernelspecs = Object.fromEntries(
    Object.entries(commands).map(([name, argv]) => [name, { name, argv: argv.split(' ') }])
  );
  return { default: 'python3', kernelspecs } as unknown as KernelSpec.ISpecModels;
}

const PYTHON = 'python -m ipykernel_launcher -f {connection_file}';
const RDIT = 'python -m rdit kernel -f {connection_file}';

describe('the kernel of a script', () => {
  test.each([
    ['is rdit by its name, whatever its command', { python3: PYTHON, rdit: 'start-kernel-afar' }, 'rdit'],
    ['is rdit by its command, whatever its name', { python3: PYTHON, lessons: RDIT }, 'lessons'],
    ['is rdit by its path', { lessons: '/opt/lessons/bin/rdit kernel -f {connection_file}' }, 'lessons'],
    ['is rdit by its path on Windows', { lessons: 'C:\\lessons\\Scripts\\rdit.exe kernel' }, 'lessons'],
    ['is the one named rdit where there are several', { lessons: RDIT, rdit: RDIT }, 'rdit'],
    ['is none where rdit is only part of a word', { nerds: 'python -m nerdit' }, undefined],
    ['is none where the server has no rdit', { python3: PYTHON }, undefined]
  ])('%s', (_, commands, expected) => {
    expect(rditSpec(specs(commands as Record<string, string>))).toBe(expected);
  });

  test('is none until the server has told of its kernels', () => {
    expect(rditSpec(null)).toBeUndefined();
  });
});

test.each([
  ['script.py', true],
  ['folder/script.PY', true],
  ['window.pyw', true],
  ['stub.pyi', false],
  ['notes.txt', false],
  ['script.py.txt', false],
  ['py', false]
])('%s is a script: %s', (path, expected) => {
  expect(isScript(path)).toBe(expected);
});
