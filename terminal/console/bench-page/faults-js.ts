/** The middle of the bench: how each device is, what can go wrong with the one that is chosen, and what was made to go wrong. */
export const faultsJs = `'use strict';
let chosen = 'card-reader';

const lookOf = ({ state, advice }) => state === 'ready' ? (advice ? 'warn' : 'good') : state === 'fault' || state === 'absent' ? 'bad' : 'warn';
// What is wrong without what to do: up to the first comma.
const wrong = ({ zh, en }) => [zh.split('，')[0], en.split(';')[0]];
const states = { ready: ['就绪', 'ready'], fault: ['故障', 'fault'], absent: ['未连接', 'absent'], connecting: ['连接中', 'connecting'], stopped: ['已停止', 'stopped'] };

function tab(name, look, ...label) {
  const made = button('', () => { chosen = name; drawFaults(); });
  made.append(element('span', 'dot ' + look), ...label);
  made.setAttribute('role', 'tab');
  made.setAttribute('aria-selected', String(chosen === name));
  made.dataset.device = name;
  return made;
}

const deviceTab = (device) => tab(device.name, lookOf(device), say(device.zh, device.en),
  ...(device.advice ? [element('small', lookOf(device), say(...wrong(device.advice)))] : []));

const tabs = () => [
  ...state.devices.map(deviceTab),
  tab('link', links[state.link.state][2], say('主机链路', 'Host link')),
];

const pill = (look, [zh, en]) => element('span', 'pill ' + look, say(zh, en));

function aboutDevice(device) {
  const line = element('div', 'line', pill(lookOf(device), states[device.state]), element('span', 'hint', device.port), ...acts(device));
  const advice = device.advice ? [element('div', 'advice ' + lookOf(device), say(device.advice.zh, device.advice.en))] : [];
  return [line, ...advice, ...device.faults.map((one) => armed(device.name, one)), ...device.violations.slice(-5).map(violation)];
}

function acts({ name, simulated, plugged, state, advice, faults }) {
  if (!simulated) return [pill('', ['真实设备', 'real device'])];
  const isWell = plugged && state === 'ready' && !advice && faults.length === 0;
  const mend = button(say('修好', 'Mend'), () => post('mend', { device: name }, ['已修好', 'mended']), isWell ? '' : 'strong');
  const plug = plugged
    ? button(say('拔掉', 'Unplug'), () => post('unplug', { device: name }, ['已拔掉', 'unplugged']))
    : button(say('插上', 'Plug in'), () => post('plug', { device: name }, ['已插上', 'plugged in']));
  return [element('div', 'acts', mend, plug)];
}

const violation = (text) => element('div', 'violation', text);

function armed(device, { fault, times, probability, value }) {
  const known = faultsOf(device).find(({ name }) => name === fault);
  const how = [times === null ? '∞' : '×' + times, probability < 1 ? 'p=' + probability : '', value === undefined ? '' : value + ' ' + (known?.value?.unit ?? '')];
  return element('div', 'active', say(known?.zh ?? fault, known?.en ?? fault), element('small', '', how.filter(Boolean).join(' ')));
}

function aboutLink({ cut, active, faults }) {
  const line = element('div', 'line', cut
    ? button(say('接通', 'Go online'), () => post('link', { state: 'online' }, ['链路已接通', 'the link is up']), 'strong')
    : button(say('断开', 'Go offline'), () => post('link', { state: 'offline' }, ['链路已断开', 'the link is down'])));
  if (faults.length === 0) line.append(element('span', 'hint', say('主机不在本机，不能制造主机故障', 'the host is not on this machine: no faults of it')));
  return [line, ...active.map((name) => armed('link', { fault: name, times: null, probability: 1 }))];
}

const faultsOf = (device) => device === 'link' ? state.link.faults : [...(state.faults[device] ?? []), ...state.wireFaults];

function faultRow(device, fault) {
  const unit = fault.value ? ' · ' + fault.value.byDefault + ' ' + fault.value.unit : '';
  const row = element('div', 'fault', element('div', '', say(fault.zh, fault.en), element('small', '', fault.name + unit)),
    ...(device === 'link'
      ? [button(say('加上', 'Arm'), () => armLink(fault))]
      : [button(say('下一次', 'Next'), () => arm(device, fault, 1)), button(say('加上', 'Arm'), () => arm(device, fault, ordered('times')))]));
  row.dataset.fault = fault.name;
  return row;
}

const ordered = (field) => byId(field).value.trim() === '' ? undefined : Number(byId(field).value);

function arm(device, fault, times) {
  const order = { times, probability: ordered('probability'), ...(fault.value && { value: ordered('value') }) };
  post('fault', { device, fault: fault.name, ...order }, ['已加上: ' + fault.zh, 'armed: ' + fault.en]);
}

function armLink(fault) {
  const order = { ...(fault.value && { ms: ordered('value') ?? fault.value.byDefault }), ...(takesTimes(fault) && { times: ordered('times') }) };
  post('link', { fault: fault.name, ...order }, ['已加上: ' + fault.zh, 'armed: ' + fault.en]);
}
// These last for a time, the others for so many messages.
const takesTimes = ({ name }) => name !== 'silence' && name !== 'delay-link';

function rows(device) {
  const own = (state.faults[device.name] ?? []).map((fault) => faultRow(device.name, fault));
  const wire = state.wireFaults.map((fault) => faultRow(device.name, fault));
  return [...own, element('h3', '', say('线路', 'Wire')), ...wire];
}

function drawFaults() {
  const device = state.devices.find(({ name }) => name === chosen);
  redraw(byId('devices'), [chosen, state.devices, state.link.state], tabs);
  redraw(byId('about'), device ?? state.link, () => device ? aboutDevice(device) : aboutLink(state.link));
  redraw(byId('list'), [chosen, device?.simulated, state.link.faults], () =>
    device ? (device.simulated ? rows(device) : []) : state.link.faults.map((fault) => faultRow('link', fault)));
  byId('order').hidden = device ? !device.simulated : state.link.faults.length === 0;
  find();
}

function find() {
  const wanted = byId('find').value.trim().toLowerCase();
  for (const row of document.querySelectorAll('.fault')) row.hidden = !row.textContent.toLowerCase().includes(wanted);
}
byId('find').addEventListener('input', find);
`;
