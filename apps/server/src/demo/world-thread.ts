import { parentPort, workerData } from 'node:worker_threads'
import { generateWorld, type World } from '@firebreak/simulator'
import { probeWorld } from './probe-world.ts'
import { scoreMap } from './score.ts'
import type { FromWorld, GuardQuestion, ToWorld, WorldAnswers, WorldQuestion } from './world-messages.ts'

const port = parentPort!
const { seed } = workerData as { seed: number }

let made: World | undefined
let stream: Iterator<unknown> | undefined
let nextJudgement = 1
const judgements = new Map<number, (kept: readonly boolean[]) => void>()

port.on('message', (message: ToWorld) => {
  if ('verdicts' in message) {
    judgements.get(message.verdicts)?.(message.kept)
    judgements.delete(message.verdicts)
    return
  }
  const { id, question } = message
  answer(id, question)
    .then((value) => send({ id, answer: value }))
    .catch((error: unknown) =>
      send({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
})

async function answer(id: number, question: WorldQuestion): Promise<WorldAnswers[keyof WorldAnswers]> {
  made ??= generateWorld({ scenario: 'small', seed })
  const world = made
  switch (question.kind) {
    case 'facts':
      return {
        accounts: world.accountCount,
        seeds: world.suggestedSeeds(3),
        unrelatedSeeds: world.unrelatedSeeds(3),
        protectedAccounts: world.protectedAccounts(),
      }
    case 'events':
      stream ??= world.events()[Symbol.iterator]()
      return take(stream, question.count)
    case 'score':
      return scoreMap(world.truth, question.seeds, question.members)
    case 'probe':
      return probeWorld(world, question.recommender, judge, (done, total) => send({ id, progress: [done, total] }))
  }
}

function take(events: Iterator<unknown>, count: number): unknown[] {
  const batch: unknown[] = []
  while (batch.length < count) {
    const next = events.next()
    if (next.done) break
    batch.push(next.value)
  }
  return batch
}

function judge(question: GuardQuestion): Promise<readonly boolean[]> {
  const number = nextJudgement++
  return new Promise((resolve) => {
    judgements.set(number, resolve)
    send({ judge: number, question })
  })
}

function send(message: FromWorld): void {
  port.postMessage(message)
}
