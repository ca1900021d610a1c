import { expect, test } from 'vitest';
import { FileGuest, WasiGuest } from '../../../../support/wasi-guest.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = (path: string, isWritable = true) => ({ path, isWritable });

test('files given are found at their paths, through every folder above them', () => {
  const guest = new FileGuest({
    folders: [folder('/'), folder('/data/in', false)],
    files: [
      { path: '/data/in/a.txt', content: bytes('A') },
      { path: '/data/in/sub/b.txt', content: bytes('B') },
      { path: 'top.txt', content: bytes('T') },
    ],
  });
  expect([guest.content('top.txt'), guest.content('data/in/sub/b.txt')]).toEqual(['T', '<rofs>']);
  const fd = guest.open('a.txt', { from: 4, rights: 2 }) as number;
  expect(guest.read(fd, 9)).toBe('A');
});

test('what the guest wrote comes back by absolute path, sorted; what it only read does not', () => {
  const guest = new FileGuest({
    files: [
      { path: '/same', content: bytes('same') },
      { path: '/changed', content: bytes('old') },
      { path: '/moved', content: bytes('moved') },
      { path: '/removed', content: bytes('removed') },
      { path: '/cut', content: bytes('cut') },
    ],
  });
  guest.mkdir('z');
  guest.create('z/new', 'new');
  guest.write(guest.open('changed') as number, 'NEW');
  guest.content('same');
  guest.rename('moved', 'z/moved');
  guest.unlink('removed');
  guest.link('same', 'linked');
  guest.symlink('same', 'link');
  guest.open('cut', { flags: ['trunc'] });
  expect(guest.wasi.files().map(({ path, content }) => [path, new TextDecoder().decode(content)])).toEqual([
    ['/changed', 'NEW'],
    ['/cut', ''],
    ['/linked', 'same'],
    ['/z/moved', 'moved'],
    ['/z/new', 'new'],
  ]);
});

test('bytes given are never changed, whatever the guest does', () => {
  const content = bytes('given');
  const guest = new FileGuest({ files: [{ path: '/file', content }] });
  const fd = guest.open('file') as number;
  guest.write(fd, 'WR');
  guest.call('fd_filestat_set_size', fd, 3n);
  guest.call('fd_filestat_set_size', fd, 9n);
  guest.write(fd, 'more and more');
  expect(new TextDecoder().decode(content)).toBe('given');
  expect(guest.written()).toEqual({ '/file': 'WRmore and more' });
});

test('without the grant for files there are none', () => {
  const guest = new WasiGuest({
    grants: ['wasi'],
    folders: [folder('/')],
    files: [{ path: '/file', content: bytes('x') }],
  });
  expect(guest.call('fd_prestat_get', 3, guest.room(8))).toBe('badf');
  expect(guest.wasi.files()).toEqual([]);
});

test('a folder named by a dot is the root', () => {
  const guest = new FileGuest({ folders: [folder('.')], files: [{ path: 'dir/file', content: bytes('x') }] });
  guest.create('out', 'y');
  expect([guest.content('dir/file'), guest.written()]).toEqual(['x', { '/out': 'y' }]);
});

test.each([
  ['two folders of one path', { folders: [folder('/a'), folder('a/')] }, 'folder a/ is given twice'],
  ['a path that goes up', { folders: [folder('/a/../b')] }, 'must be plain'],
  ['an empty path', { folders: [folder('')] }, 'must be plain'],
  ['a NUL', { folders: [folder('/a\0')] }, 'must be plain'],
  ['a file in no folder', { folders: [folder('/a')], files: [{ path: '/b/f', content: bytes('') }] }, 'in no folder'],
  [
    'a file where a folder is',
    { folders: [folder('/a'), folder('/a/b')], files: [{ path: '/a/b', content: bytes('') }] },
    'given twice',
  ],
  [
    'two files of one path',
    {
      folders: [folder('/')],
      files: [
        { path: '/f', content: bytes('') },
        { path: 'f', content: bytes('') },
      ],
    },
    'given twice',
  ],
  [
    'a file below a file',
    {
      folders: [folder('/')],
      files: [
        { path: '/f', content: bytes('') },
        { path: '/f/g', content: bytes('') },
      ],
    },
    'as a file and as a folder',
  ],
  ['a file that names nothing', { folders: [folder('/')], files: [{ path: '/', content: bytes('') }] }, 'in no folder'],
  [
    'more bytes than may be',
    {
      folders: [folder('/')],
      files: [{ path: '/f', content: bytes('12345') }],
      limits: { fileBytes: 4, fileEntries: 9 },
    },
    'more than the limits',
  ],
  [
    'more entries than may be',
    {
      folders: [folder('/')],
      files: [{ path: '/a/b/c/d', content: bytes('') }],
      limits: { fileBytes: 4, fileEntries: 3 },
    },
    'more than the limits',
  ],
])('%s is refused in words for the user', (_, options, message) => {
  expect(() => new FileGuest(options)).toThrow(message);
  expect(() => new FileGuest(options)).toThrow(expect.objectContaining({ name: 'WasiInputError' }));
});

test('folders may lie in each other, each with its own mode', () => {
  const guest = new FileGuest({ folders: [folder('/', false), folder('/out'), folder('/out/kept', false)] });
  expect([guest.mkdir('x'), guest.mkdir('out/x'), guest.mkdir('out/kept/x'), guest.mkdir('out/x/y')]).toEqual([
    'rofs',
    'success',
    'rofs',
    'success',
  ]);
});
