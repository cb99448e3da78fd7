import './quiet';
import { plantedBugs } from './planted-bugs';
import { simulate } from './simulate';
(async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const r = await simulate({ seed, online: true } as never);
    if (r.broken) console.log('BROKEN', seed, r.broken.message);
  }
  const r84 = await simulate({ seed: 84, online: true } as never);
  console.log('84', r84.broken?.message ?? 'held');
  for (const name of ['refund-under-the-next-key-unlooked', 'spent-keys-forgotten']) {
    let found = 'not caught';
    for (let seed = 1; seed <= 100; seed++) {
      const r = await simulate({ seed, ...(plantedBugs[name] as object) } as never);
      if (r.broken?.promise === 'P5') { found = `seed ${seed}: ${r.broken.message}`; break; }
    }
    console.log(name, found);
  }
})();
