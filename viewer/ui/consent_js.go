package ui

import (
	"slices"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"flowpane/viewer/screen"
)

// A consentDialog asks whether other sites may be asked for a session. What it
// has the focus on at first is the button that says no.
type consentDialog struct {
	dialog                       *modal
	heading, text, sites, effect *element
	hint, yes, apart             *element
	drawn                        []screen.Site
	sight                        *sight
}

func newConsentDialog(loop *screen.Loop) *consentDialog {
	d := &consentDialog{
		dialog: newModal("consent", func() { loop.Send(screen.ConsentRefused{}) }), heading: byID("consent-heading"), text: byID("consent-text"),
		sites: byID("consent-sites"), effect: byID("consent-effect"), hint: byID("consent-hint"), yes: byID("consent-yes"), apart: byID("consent-apart"),
	}
	d.sight = newSight(loop, d.dialog.element)
	d.apart.on("click", func(dom.Event) { loop.Send(screen.ApartAsked{}) })
	d.yes.on("click", func(dom.Event) { loop.Send(screen.ConsentGiven{}) })
	byID("consent-no").on("click", func(dom.Event) { loop.Send(screen.ConsentRefused{}) })
	return d
}

func (d *consentDialog) draw(s *screen.Consent) {
	if s.Open {
		d.heading.setText(s.Heading)
		d.text.setText(s.Text)
		d.effect.setText(s.Effect)
		d.drawSites(s.Sites)
		d.hint.setText(s.Hint)
		d.hint.show(s.Hint != "")
		d.yes.show(s.Here)
		d.yes.setFlag("disabled", !s.Clear)
		d.apart.show(s.Apart)
	}
	d.dialog.opens(s.Open)
	d.sight.draw(s)
}

func (d *consentDialog) drawSites(sites []screen.Site) {
	if slices.EqualFunc(sites, d.drawn, func(a, b screen.Site) bool { return a.Origin == b.Origin && slices.Equal(a.Files, b.Files) }) {
		return
	}
	d.drawn = sites
	var list []*element
	for _, site := range sites {
		item := create("li", "", createText("strong", "", site.Origin))
		for _, file := range site.Files {
			item.AppendChild(createText("code", "", file.URL))
			if file.For != "" {
				item.AppendChild(createText("span", "", "the file of "+file.For))
			}
		}
		list = append(list, item)
	}
	d.sites.setAll(list...)
}

// takeAddresses takes the addresses that a person types on the start page.
func takeAddresses(loop *screen.Loop) {
	field := byID("address")
	byID("address-form").on("submit", func(e dom.Event) {
		e.PreventDefault()
		loop.Send(screen.AddressGiven{Text: field.Get("value").String()})
	})
}

// resolve asks the browser what an address is.
func resolve(address string) screen.Address {
	here, urls := js.Global().Get("location"), js.Global().Get("URL")
	if !urls.Call("canParse", address, here.Get("href")).Bool() {
		return screen.Address{URL: address}
	}
	u := urls.New(address, here.Get("href"))
	a := screen.Address{URL: u.Get("href").String()}
	scheme, origin := u.Get("protocol").String(), u.Get("origin").String()
	if (scheme == "https:" || scheme == "http:") && origin != here.Get("origin").String() {
		a.Origin = origin
	}
	return a
}

// originPrefix is what the keys begin with under which the tab remembers sites
// that a person agreed to.
const originPrefix = "flowpane-origin-"

// recallOrigins tells of the sites that a person agreed to in this tab.
func recallOrigins(loop *screen.Loop) {
	var origins []string
	withStorage("sessionStorage", func(storage js.Value) {
		for i := range storage.Length() {
			if origin, ok := strings.CutPrefix(storage.Call("key", i).String(), originPrefix); ok {
				origins = append(origins, origin)
			}
		}
	})
	for _, origin := range origins {
		loop.Send(screen.OriginRecalled{Origin: origin})
	}
}

func rememberOrigin(origin string) {
	withStorage("sessionStorage", func(storage js.Value) { storage.Call("setItem", originPrefix+origin, "") })
}
