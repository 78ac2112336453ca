//go:build !js

package e2e_test

// visit defines a function of the page that goes through the first flows of the
// session that is open, and the last one, as a person does: through all tabs of
// each, with the body in the views that are asked for, then, if they are asked for,
// through the dialogs.
// It returns what it came by.
const visit = `globalThis.visit = async (most, views, dialogs) => {
	const $ = (selector) => document.querySelector(selector), all = (selector) => [...document.querySelectorAll(selector)];
	const count = {Flows: 0, Tabs: 0, Views: 0, Previews: 0};
	const pause = (ms) => new Promise((done) => setTimeout(done, ms));
	const until = async (is) => {
		const end = performance.now() + 300000; // a machine may be busy
		while (!is()) {
			if (performance.now() > end) throw new Error('never: ' + is + ' with ' + $('#body')?.dataset.view + ', ' + $('.body .note')?.textContent + ', ' + $('#body')?.ariaBusy + location.hash.slice(0, 300));
			await pause(1);
		}
	};
	const press = async (key) => {
		document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
		await pause(1);
	};
	const calm = () => until(() => $('#panel')?.ariaBusy != 'true' && $('#body')?.ariaBusy != 'true');
	const hover = () => {
		for (const e of all('[title], #detail dd').slice(0, 200)) e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
	};
	const show = async (view) => {
		const chooser = $('[aria-label="Show the body as"]');
		chooser.value = view;
		chooser.dispatchEvent(new Event('change'));
		if (view == 'preview') await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
		await pause(1);
		await calm();
		await until(() => view == 'auto' || $('#body')?.dataset.view == view || $('.body .error:not([hidden])') || $('.body .note')?.textContent);
		count.Views++;
		const frame = $('#body iframe');
		if (!frame) return;
		if (frame.getAttribute('sandbox') !== '' || location.hash.includes('preview')) throw new Error('the preview is not shut');
		await pause(100); // so that it is drawn, and asks
		count.Previews++;
	};
	const flow = async () => {
		await until(() => $('#detail').dataset.flowId == $('#rows [aria-selected=true]')?.dataset.flowId);
		count.Flows++;
		for (const name of all('#tabs [role=tab]').map((tab) => tab.dataset.tab)) {
			$('#tabs [data-tab="' + name + '"]')?.click();
			await pause(1);
			await calm();
			count.Tabs++;
			const chooser = $('[aria-label="Show the body as"]');
			if (views == 'auto' || !chooser || chooser.hidden || name != 'response') continue;
			for (const {value} of [...chooser.options]) if (views == 'all' || value == views) await show(value);
			if (views == 'all') await show('preview');
		}
		hover();
	};
	const flows = Number($('#flows').getAttribute('aria-rowcount')) - 1;
	if (document.documentElement.dataset.state != 'open' || flows < 1) return count;
	await press('Home');
	await press('Enter');
	for (let n = 0; n < Math.min(most, flows); n++) {
		await flow();
		if (n == 0) await press('b');
		await press('j');
	}
	await press('End');
	await flow();
	await press('f');
	await press('Escape');
	if (!dialogs) return count;
	for (const [key, dialog] of [['g', '#overview'], ['s', '#save'], ['c', '#columns'], ['?', '#palette']]) {
		await press(key);
		await until(() => $(dialog).open);
		if (dialog == '#overview') await until(() => $('#overview tbody tr'));
		if (dialog == '#save') {
			await until(() => all('#save-targets input').length > 3 && /taken out|Nothing was found/.test($('#secrets-summary').textContent));
			for (const d of all('#save details')) d.open = true;
		}
		hover();
		await pause(1);
		$(dialog).close();
		await until(() => !$(dialog).open);
	}
	return count;
}`
