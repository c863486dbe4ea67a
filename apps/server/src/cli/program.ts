import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Terminal } from './terminal.ts'

type Exit = (code: number) => void

/** The command line. Each command's code is loaded only when it runs, so that `map` never waits for the server's. */
export function buildProgram(terminal: Terminal, exit: Exit): Command {
  const program = new Command('firebreak')
    .description(
      'Finds a harmful network from a few seeds, stops every surface from connecting it, and measures the effect.',
    )
    .version(version())
    .showHelpAfterError('(add --help for the options)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
  addMap(program, terminal)
  addStart(program, terminal)
  addServe(program, terminal)
  addImport(program, terminal)
  addSimulate(program, terminal)
  addProbe(program, terminal, exit)
  addAudit(program, terminal, exit)
  addReconcile(program, terminal, exit)
  addTerms(program, terminal)
  addUrls(program, terminal, exit)
  addVariants(program, terminal, exit)
  addParity(program, terminal, exit)
  addHash(program, terminal, exit)
  addMatch(program, terminal, exit)
  addReplay(program, terminal, exit)
  addProxy(program, terminal, exit)
  addDoctor(program, terminal, exit)
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program)
  return program
}

function addMap(program: Command, terminal: Terminal): void {
  program
    .command('map')
    .description('from a few seeds to the network around them: ranked, cut and explained, or "this is not a network"')
    .option(
      '--edges <FILE[:relation]>',
      'edge list (CSV, TSV, blanks, .gz); repeat for more relations; without it: the ledger',
      collect,
      [],
    )
    .option('--seeds <FILE>', 'account ids, one a line')
    .option('--batch <FILE.jsonl>', 'many queries over one loaded graph: {"query","seeds"} a line')
    .option('--benign <FILE>', 'accounts known to be unrelated, one a line')
    .option('--directed', 'follow edges only from source to target')
    .option('--limit <N>', 'rows a query at most; members are never cut', wholeNumber, 1000)
    .option('--reveal', 'write ids instead of pseudonyms (ledger runs log this)')
    .option('--strict', 'stop at the first bad line')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv, .json or .html')
    .option('--data <DIR>', 'data directory of the ledger', defaultData())
    .action(async (options) => (await import('./map.ts')).map(options, terminal))
}

function addStart(program: Command, terminal: Terminal): void {
  program
    .command('start')
    .description('one process: store, guard, API and console on this machine')
    .option('--demo', 'a synthetic platform in its own data directory, to look around')
    .option('--data <DIR>', 'data directory', defaultData())
    .addOption(portOption('port to listen on'))
    .option('--bind <ADDRESS>', 'address to listen on', '127.0.0.1')
    .action(async (options) => (await import('./start.ts')).start(options, terminal))
}

function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description(
      'one process of several over a PostgreSQL (DATABASE_URL): answer the API, answer verdicts, do the work',
    )
    .requiredOption('--role <api,guard,worker>', 'what this process does, with commas')
    .option('--data <DIR>', 'data directory with the keys', defaultData())
    .addOption(portOption('port to listen on'))
    .option('--bind <ADDRESS>', 'address to listen on', '127.0.0.1')
    .action(async (options) => (await import('./start.ts')).serve(options, terminal))
}

function addImport(program: Command, terminal: Terminal): void {
  program
    .command('import')
    .description('edge lists or events into the ledger (FILE[:relation], or events .jsonl)')
    .argument('<FILE...>')
    .option('--strict', 'stop at the first bad line')
    .option('--json', 'JSON on standard output')
    .option('--data <DIR>', 'data directory', defaultData())
    .action(async (files, options) => (await import('./import.ts')).importFiles(files, options, terminal))
}

function addSimulate(program: Command, terminal: Terminal): void {
  program
    .command('simulate')
    .description('a synthetic platform with a planted network, as files')
    .requiredOption('--scenario <NAME>', 'small, study or outreach')
    .option('--seed <N>', 'same number, same world', wholeNumber, 1)
    .requiredOption(
      '--out <DIR>',
      'folder to write events.jsonl, follows.csv, relations.csv, seeds.txt and truth/ into',
    )
    .action(async (options) => (await import('./simulate.ts')).simulate(options, terminal))
}

function addProbe(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('probe')
    .description('paired audit accounts on your own recommender: network share of recommendations, before and after')
    .option('--definition <FILE>', 'what to ask and how (JSON); without it: the running demo')
    .option('--gate', 'exit 1 when the guarded share is above its limit')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .option('--data <DIR>', 'data directory of the running server', defaultData())
    .action(async (options) => exit(await (await import('./probe.ts')).probe(options, terminal)))
}

function addReconcile(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('reconcile')
    .description('the books of reports: received = open + merged + decided + rejected + dead-lettered; exit 1 when not')
    .option('--json', 'JSON on standard output')
    .option('--data <DIR>', 'data directory', defaultData())
    .action(async (options) => exit(await (await import('./reconcile.ts')).reconcile(options, terminal)))
}

function addAudit(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('audit')
    .description('the hash-chained log')
    .command('verify')
    .description('recompute the chain; exit 1 where it breaks')
    .option('--json', 'JSON on standard output')
    .option('--data <DIR>', 'data directory', defaultData())
    .action(async (options) => exit(await (await import('./audit.ts')).verify(options, terminal)))
}

function addTerms(program: Command, terminal: Terminal): void {
  program
    .command('terms')
    .description('terms of a list in texts, in any disguise: where, how sure, and by which transformations')
    .requiredOption('--terms <FILE>', 'one term a line, or JSONL {"term", "id", options}')
    .option('--in <FILE>', 'texts: JSONL {"id", "text"}, or plain lines; "-" or nothing: standard input')
    .option('--fuzzy', 'also near misses (spelling, vowels, transliteration, sound), for review only')
    .option('--strict', 'stop at the first bad line')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .action(async (options) => (await import('./terms.ts')).terms(options, terminal))
}

function addUrls(program: Command, terminal: Terminal, exit: Exit): void {
  const urls = program.command('urls').description('links as lists know them, and links in disguise')
  urls
    .command('canonical')
    .description('each URL in its canonical form (Web Risk): url,canonical')
    .argument('<URL...>')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .action(async (given, options) => exit(await (await import('./urls.ts')).canonical(given, options, terminal)))
  urls
    .command('find')
    .description('every link in lines of text, through its disguises')
    .option('--in <FILE>', 'lines, or {"id","text"} a line; - is standard input', '-')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .action(async (options) => exit(await (await import('./urls.ts')).find(options, terminal)))
}

function addVariants(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('variants')
    .description(
      'what the accounts that used a term moved to after it was blocked: rank,variant,score,accounts,evidence',
    )
    .requiredOption('--blocked <TERM>', 'the term that was blocked')
    .requiredOption('--at <TIME>', 'when (ISO 8601)')
    .option('--in <FILE.jsonl>', 'events, or {"at","account","tags"|"text"} a line; without it: the ledger')
    .option('--limit <N>', 'suggestions at most', wholeNumber, 20)
    .option('--strict', 'stop at any bad line')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .option('--data <DIR>', 'data directory of the running server', defaultData())
    .action(async (options) => exit(await (await import('./variants.ts')).variants(options, terminal)))
}

function addHash(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('hash')
    .description('hashes of pictures and videos (folders: every file below)')
    .argument('<FILE...>')
    .option('--type <TYPE>', 'pdq, vpdq, md5, sha1 or sha256; without it: vpdq for videos, else pdq')
    .option('--interval <SECONDS>', 'seconds between two hashed frames of a video; 0: every frame', amount, 1)
    .option('--strict', 'exit 2 when any file has no hash')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .action(async (files, options) => exit(await (await import('./hash.ts')).hash(files, options, terminal)))
}

function addMatch(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('match')
    .description('which entries of a bank file are the same picture as a PDQ hash, a picture or a frame of a video')
    .argument('<HASH|FILE...>')
    .requiredOption('--bank <FILE>', 'one PDQ hash a line, or CSV with a "hash" column (and perhaps "id")')
    .option('--distance <N>', 'bits that may differ', wholeNumber, 31)
    .option('--interval <SECONDS>', 'seconds between two matched frames of a video; 0: every frame', amount, 1)
    .option('--strict', 'exit 2 at any bad line or file')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .action(async (queries, options) => exit(await (await import('./match.ts')).match(queries, options, terminal)))
}

function addDoctor(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('doctor')
    .description(
      'what this installation stands on: Node, keys, store, lock, disk, clock, port, engines, guard; exit 1 when something must be mended',
    )
    .option('--json', 'JSON on standard output')
    .option('--data <DIR>', 'data directory', defaultData())
    .addOption(portOption('port the server is to listen on'))
    .action(async (options) => exit(await (await import('./doctor.ts')).doctor(options, terminal)))
}

function addProxy(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('proxy')
    .description("in front of a recommender's JSON endpoint: its lists pass the guard, without a change of code")
    .requiredOption('--mapping <FILE.json>', 'where viewer and list stand in the endpoint')
    .option('--port <N>', 'port to listen on', wholeNumber, 8790)
    .option('--bind <ADDRESS>', 'address to listen on', '127.0.0.1')
    .action(async (options) => exit(await (await import('./proxy.ts')).proxy(options, terminal)))
}

function addReplay(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('replay')
    .description(
      'past days under a changed policy: when each past case could have been found, and what it would have prevented',
    )
    .option('--from <DATE>', 'first day (default: 90 days before the newest event)')
    .option('--to <DATE>', 'last day (default: the newest event)')
    .option('--policy <FILE.json>', '{"settings", "rules"} over the policy in force')
    .option('--gate', 'exit 1 when a past case is not findable any more')
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .option('--data <DIR>', 'data directory', defaultData())
    .action(async (options) => exit(await (await import('./replay.ts')).replayCommand(options, terminal)))
}

function addParity(program: Command, terminal: Terminal, exit: Exit): void {
  program
    .command('parity')
    .description('the same term in every disguise on every surface; exit 1 where two answers differ')
    .option('--target <FILE>', "a platform's own surfaces, how to ask them and how to read their answers (JSON)")
    .option('--terms <FILE>', 'terms in force on the running server, one a line; without it: a server in memory')
    .option('--parallel <N>', 'questions to a target at a time', wholeNumber, 4)
    .option('--json', 'JSON on standard output')
    .option('--out <FILE>', 'write .csv or .json')
    .option('--data <DIR>', 'data directory of the running server', defaultData())
    .action(async (options) => exit(await (await import('./parity.ts')).parity(options, terminal)))
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value]
}

function wholeNumber(value: string): number {
  const parsed = Number(value)
  if (value.trim() === '' || !Number.isInteger(parsed) || parsed < 0)
    throw new InvalidArgumentError('It must be a whole number.')
  return parsed
}

function amount(value: string): number {
  const parsed = Number(value)
  if (value.trim() === '' || !(parsed >= 0 && parsed < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('It must be a number, 0 or more.')
  return parsed
}

function defaultData(): string {
  return process.env.FIREBREAK_DATA ?? 'data/main'
}

/** A variable that makes no sense is refused by its name, an empty one counts as absent. */
function portOption(what: string): Option {
  const option = new Option('--port <N>', what).argParser(wholeNumber).default(8787)
  return process.env.FIREBREAK_PORT ? option.env('FIREBREAK_PORT') : option
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
