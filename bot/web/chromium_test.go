package web

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"newsdigest/bot"
	"newsdigest/bot/texts"
	"newsdigest/digest"
)

// browser is a headless Chromium with one page, driven through a pipe (Chrome DevTools
// Protocol).
type browser struct {
	t       testing.TB
	to      *os.File
	from    *bufio.Reader
	session string
	calls   int
}

// chromium starts a browser, or skips the test where there is none.
func chromium(t testing.TB) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: apt-get install chromium")
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--hide-scrollbars", "--user-data-dir="+t.TempDir(), "--remote-debugging-pipe", "about:blank")
	c.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := c.Start(); err != nil {
		t.Skipf("chromium does not start: %v", err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, to: in, from: bufio.NewReader(out)}
	t.Cleanup(func() {
		b.call("Browser.close", nil, nil)
		in.Close()
		c.Wait() //nolint:errcheck // it was told to go
		out.Close()
	})
	if err := out.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Logf("no deadline: %v", err)
	}
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	b.session = session.SessionID
	for _, domain := range []string{"Page", "Network", "Log", "Accessibility"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// event is what the browser says, the answer to a call or something else.
type event struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct{ Message string }
}

func (b *browser) next() event {
	b.t.Helper()
	line, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("chromium: %v", err)
	}
	var e event
	if err := json.Unmarshal(line[:len(line)-1], &e); err != nil {
		b.t.Fatal(err)
	}
	return e
}

// call calls a method and returns the events that came before its answer.
func (b *browser) call(method string, params map[string]any, result any) []event {
	b.t.Helper()
	b.calls++
	message := map[string]any{"id": b.calls, "method": method, "params": params}
	if params == nil {
		delete(message, "params")
	}
	if b.session != "" && method != "Browser.close" {
		message["sessionId"] = b.session
	}
	line, err := json.Marshal(message)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(line, 0)); err != nil {
		b.t.Fatalf("chromium: %v", err)
	}
	var before []event
	for {
		e := b.next()
		if e.ID != b.calls {
			before = append(before, e)
			continue
		}
		if e.Error != nil {
			b.t.Fatalf("%s: %s", method, e.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(e.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return before
	}
}

// open loads a page and returns what went on until it was there.
func (b *browser) open(address string) []event {
	b.t.Helper()
	events := b.call("Page.navigate", map[string]any{"url": address}, nil)
	for !slices.ContainsFunc(events, func(e event) bool { return e.Method == "Page.loadEventFired" }) {
		events = append(events, b.next())
	}
	return events
}

// number evaluates an expression.
func (b *browser) number(expression string) float64 {
	b.t.Helper()
	var out struct {
		Result struct{ Value float64 }
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression}, &out)
	return out.Result.Value
}

// window sets how wide the window is and which colors its reader likes.
func (b *browser) window(width, height int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// picture saves what the window shows, in the folder that NEWSDIGEST_TEST_PICTURES names.
func (b *browser) picture(name string) {
	b.t.Helper()
	var out struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &out)
	b.save(name+".png", out.Data)
}

func (b *browser) save(name, data string) {
	b.t.Helper()
	body, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(body) < 1000 {
		b.t.Fatalf("%s: %d bytes, %v", name, len(body), err)
	}
	if dir := os.Getenv("NEWSDIGEST_TEST_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
}

// controls are the roles of what can be used and of landmarks that need a name.
var controls = []string{"link", "button", "textbox", "checkbox", "combobox", "navigation", "region", "article", "image", "table"}

// unnamed are the controls of the page that a screen reader has no name for; n is how many
// it has.
func (b *browser) unnamed() (n int, out []string) {
	b.t.Helper()
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
		}
	}
	b.call("Accessibility.getFullAXTree", nil, &tree)
	for _, node := range tree.Nodes {
		role, name := fmt.Sprint(node.Role.Value), fmt.Sprint(node.Name.Value)
		if node.Ignored || !slices.Contains(controls, role) {
			continue
		}
		n++
		if name == "" || name == "<nil>" {
			out = append(out, role)
		}
	}
	return n, out
}

// contrast is the least contrast between words and their ground on the page, as WCAG 2.2
// reckons it.
const contrast = `(() => {
  const rgb = s => (s.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] };
  let least = 21;
  for (const e of document.body.querySelectorAll('*')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    least = Math.min(least, (a + .05) / (b + .05));
  }
  return least })()`

// TestChromium shows the pages to a browser: light and dark, on a phone of 320 pixels, on
// paper, and to a screen reader. With NEWSDIGEST_TEST_PICTURES it keeps what it saw.
func TestChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	b := chromium(t)
	w := newWorld(t)
	e := w.digest(t, "r")
	w.change(t, func(c *digest.Chat) { c.Settings.Language = "ar" })
	arabic := w.digest(t, "r2")
	w.walk(t, 36*time.Hour)
	server := httptest.NewServer(w.Handler())
	t.Cleanup(server.Close)
	b.call("Network.setExtraHTTPHeaders", map[string]any{"headers": map[string]string{
		"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("operator:"+token))}}, nil)
	for _, page := range []struct{ name, path string }{
		{"edition", bot.EditionPath + e.Public}, {"story", bot.StoryPath + e.Public + "/1"}, {"arabic", bot.EditionPath + arabic.Public},
		{"hostile", bot.EditionPath + w.put(t, hostile(e)).Public},
		{"operator", "/operator"}, {"gone", "/nowhere"}, {"home", "/"},
	} {
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int{320, 1000} {
				b.window(width, 900, scheme)
				for _, said := range b.open(server.URL + page.path) {
					if said.Method == "Log.entryAdded" && !strings.Contains(string(said.Params), "404") {
						t.Errorf("%s: the browser says %s", page.name, said.Params)
					}
					if said.Method == "Network.requestWillBeSent" && !strings.Contains(string(said.Params), `"url":"`+server.URL) {
						t.Errorf("%s asks elsewhere: %s", page.name, said.Params)
					}
				}
				name := fmt.Sprintf("%s-%s-%d", page.name, scheme, width)
				if got := b.number("document.documentElement.scrollWidth"); got > float64(width) {
					t.Errorf("%s is %v wide", name, got)
				}
				if got := b.number(contrast); got < 4.5 {
					t.Errorf("%s: words of a contrast of %.2f", name, got)
				}
				b.picture(name)
			}
		}
		if n, without := b.unnamed(); len(without) > 0 || n == 0 {
			t.Errorf("%s: without a name: %v, of %d controls and landmarks", page.name, without, n)
		}
		var pdf struct{ Data string }
		b.call("Page.printToPDF", map[string]any{"paperWidth": 8.27, "paperHeight": 11.69}, &pdf)
		b.save(page.name+".pdf", pdf.Data)
		if got := b.number("document.scripts.length + document.images.length + document.cookie.length"); got != 0 {
			t.Errorf("%s has scripts, pictures or cookies: %v", page.name, got)
		}
	}
	b.readme(server.URL, e.Public)
	b.focus(server.URL + bot.EditionPath + e.Public)
	b.paper()
}

// readme makes the pictures of README.md.
func (b *browser) readme(address, public string) {
	b.t.Helper()
	b.window(760, 920, "light")
	b.open(address + bot.EditionPath + public)
	b.picture("web")
	b.window(380, 920, "dark")
	b.open(address + bot.StoryPath + public + "/1")
	b.picture("web-dark")
}

// paper checks that what cannot be followed on paper is written out there.
func (b *browser) paper() {
	b.t.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
	b.picture("edition-print")
	const written = `getComputedStyle(document.querySelector('.outlets a'), '::after').content.includes('http') &&
  getComputedStyle(document.querySelector('.contents')).display === 'none' ? 1 : 0`
	if b.number(written) != 1 {
		b.t.Error("on paper the links' addresses are not there, or what is for the screen is")
	}
}

// focus checks that the first thing the tab key reaches skips to the text, and can be seen
// then.
func (b *browser) focus(address string) {
	b.t.Helper()
	b.open(address)
	for _, kind := range []string{"keyDown", "keyUp"} {
		b.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}, nil)
	}
	const seen = `(() => { const e = document.activeElement, r = e.getBoundingClientRect();
  return e.className === 'skip' && r.left >= 0 && r.top >= 0 && r.height > 20 && parseFloat(getComputedStyle(e).outlineWidth) >= 2 ? 1 : 0 })()`
	if b.number(seen) != 1 {
		b.t.Error("the link that skips to the text is not reached first, or not seen")
	}
}

// hostile is an edition as the worst of publishers would have it.
func hostile(e digest.Edition) digest.Edition {
	attack := `</h2><script>alert(1)</script>"'><img src=x onerror=alert(1)> ` + strings.Repeat("long", 60) + " {{.}} <!--"
	e.Language, e.At = texts.English, e.At.Add(time.Second)
	e.Stories = slices.Clone(e.Stories[:3])
	for i := range e.Stories {
		s := &e.Stories[i]
		s.Headline = attack
		s.Summary = []digest.Sentence{{Article: s.Members[0].Article, Text: attack}}
		s.Members = slices.Clone(s.Members[:1])
		s.Members[0].Outlet, s.Members[0].Title = attack, attack
		s.Members[0].Link = []string{"javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://evil.example/\"onmouseover=\"alert(1)"}[i]
	}
	e.Stories[1].Language = `en" onload="alert(1)`
	e.Stories[2].Language = "he"
	return e
}
