async function readModel(line: ModbusLine, model: PlacedModel): Promise<ModelRegisters> {
  const registers = await line.read(model.address, Math.min(model.count, MODBUS_REGISTERS_MAX));
  if (registers[0] === model.id && registers[1] === model.count - 2) return registers;
  throw new Fault("METERS_ANSWER", "another model lies where it was", { model: model.id });
}

/** Finds the map, the wanted model in it, and who made the device. */
async function walk(line: ModbusLine, description: SunspecDescription): Promise<DeviceMap> {
  const { model: wanted, register } = description;
  const models = await listModels(line, await findBase(line, description));
  const model = models.find(({ id }) =>
    wanted === null ? keepsRegister(id, register) : id === wanted && keepsRegister(id, register),
  );
  if (model === undefined) {
    const has = models.map(({ id }) => id).join(" ");
    const facts = { register, wanted: wanted ?? "any", has };
    throw new Fault("METERS_NO_MODEL", "the device has no model with that register", facts);
  }
  if (model.count < (registersNeeded(model.id) ?? 0)) {
    const facts = { model: model.id, registers: model.count };
    throw new Fault("METERS_ANSWER", "the model is shorter than its definition", facts);
  }
  const common = models.find(({ id, count }) => id === COMMON_MODEL && count >= COMMON_REGISTERS);
  if (common === undefined) return { model, makeModel: null, serial: null };
  const names = await line.read(common.address, COMMON_REGISTERS);
  const makeModel = harmlessName(`${textAt(names, 2, 16)} ${textAt(names, 18, 16)}`);
  return { model, makeModel, serial: harmlessName(textAt(names, 50, 16)) };
}

async function findBase(line: ModbusLine, { base, host }: SunspecDescription): Promise<number> {
  const tried = base === null ? BASES : [base];
  for (const start of tried) {
    const mark = await orNothing(line.read(start, 2));
    if (mark !== null && u32At(mark, 0) === MARK) return start;
  }
  const facts = { host, tried: tried.join(" ") };
  throw new Fault("METERS_NOT_SUNSPEC", "no SunSpec map was found", facts);
}

/** A device says "illegal address" where it has nothing; that is an answer while looking. */
async function orNothing(reading: Promise<readonly number[]>): Promise<readonly number[] | null> {
  try {
    return await reading;
  } catch (error) {
    const isNothing = error instanceof Fault && error.facts["exception"] === ILLEGAL_ADDRESS;
    if (isNothing) return null;
    throw error;
  }
}

async function listModels(line: ModbusLine, base: number): Promise<readonly PlacedModel[]> {
  const models: PlacedModel[] = [];
  let address = base + 2;
  while (models.length < SUNSPEC_MODELS_MAX && address + 1 <= LIST_END) {
    const head = await orNothing(line.read(address, 2));
    if (head === null) break;
    const [id, length] = head;
    if (id === LIST_END) return models;
    models.push({ id, address, count: length + 2 });
    address += length + 2;
  }
  throw new Fault("METERS_ANSWER", "the list of models has no end", { models: models.length });
}
