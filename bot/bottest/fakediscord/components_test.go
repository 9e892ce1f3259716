package fakediscord

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// TestComponentRules: menus, and messages of the second kind, by the rules of Discord's
// components reference.
func TestComponentRules(t *testing.T) {
	s := start(t, Options{})
	path := "/channels/" + s.DM("1") + "/messages"
	const panel = `"flags":32768,"components":[%s]`
	text := func(s string) string { return `{"type":10,"content":"` + s + `"}` }
	button := func(id string) string { return `{"type":2,"style":2,"label":"a","custom_id":"` + id + `"}` }
	section := func(id string) string {
		return `{"type":9,"components":[` + text("x") + `],"accessory":` + button(id) + `}`
	}
	menu := func(rest, options string) string {
		return `"content":"x","components":[{"type":1,"components":[{"type":3,"custom_id":"m"` + rest + `,"options":[` + options + `]}]}]`
	}
	const one, two = `{"label":"One","value":"1"}`, `{"label":"Two","value":"2"}`
	repeat := func(n int, f func(string) string) string {
		var out []string
		for i := range n {
			out = append(out, f(fmt.Sprint(i)))
		}
		return strings.Join(out, ",")
	}
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"menu", menu("", one+","+two), 200},
		{"menu of many", menu(`,"min_values":0,"max_values":2`, one+","+two), 200},
		{"more than there are", menu(`,"max_values":3`, one+","+two), 400},
		{"no options", menu("", ""), 400},
		{"value twice", menu("", one+","+one), 400},
		{"two chosen of one", menu("", `{"label":"One","value":"1","default":true},{"label":"Two","value":"2","default":true}`), 400},
		{"menu of channels", `"content":"x","components":[{"type":1,"components":[{"type":8,"custom_id":"c","channel_types":[0,5]}]}]`, 200},
		{"menu beside a button", `"content":"x","components":[{"type":1,"components":[{"type":8,"custom_id":"c"},` + button("b") + `]}]`, 400},
		{"panel", fmt.Sprintf(panel, text("Settings")+","+section("a")), 200},
		{"panel without the flag", `"content":"x","components":[` + text("Settings") + `]`, 400},
		{"panel with content", `"content":"x",` + fmt.Sprintf(panel, text("Settings")), 400},
		{"panel with embeds", `"embeds":[{"title":"x"}],` + fmt.Sprintf(panel, text("Settings")), 400},
		{"40 components", fmt.Sprintf(panel, repeat(13, section)+","+text("last")), 200},
		{"42 components", fmt.Sprintf(panel, repeat(14, section)), 400},
		{"id twice", fmt.Sprintf(panel, section("a")+","+section("a")), 400},
		{"4,000 characters", fmt.Sprintf(panel, text(strings.Repeat("a", 2000))+","+text(strings.Repeat("a", 2000))), 200},
		{"4,001 characters", fmt.Sprintf(panel, text(strings.Repeat("a", 2000))+","+text(strings.Repeat("a", 2001))), 400},
		{"section without button", fmt.Sprintf(panel, `{"type":9,"components":[`+text("x")+`]}`), 400},
		{"file that is not there", fmt.Sprintf(panel, `{"type":13,"file":{"url":"attachment://x.txt"}}`), 400},
		{"picture", `"embeds":[{"title":"x","thumbnail":{"url":"https://e.example/a.jpg"}}]`, 200},
		{"picture without address", `"embeds":[{"title":"x","thumbnail":{"url":"a.jpg"}}]`, 400},
	} {
		if status, _, _ := call(t, s, "POST", path, plain(c.body)); status != c.status {
			t.Errorf("%s: %d, want %d", c.name, status, c.status)
		}
	}
}

// TestPanelStays: an edit makes a message one of the second kind if it takes away what was
// there, and no edit takes that back.
func TestPanelStays(t *testing.T) {
	s := start(t, Options{})
	path := "/channels/" + s.DM("1") + "/messages"
	_, _, sent := call(t, s, "POST", path, plain(`"content":"x"`))
	path += "/" + sent["id"].(string)
	const text = `"components":[{"type":10,"content":"y"}]`
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"content stays", `"flags":32768,` + text, 400},
		{"content goes", `"flags":32768,"content":null,"embeds":null,` + text, 200},
		{"back", `"content":"x"`, 400},
		{"on", text, 200},
	} {
		if status, _, _ := call(t, s, "PATCH", path, plain(c.body)); status != c.status {
			t.Errorf("%s: %d, want %d", c.name, status, c.status)
		}
	}
	if m, _ := s.Message(sent["id"].(string)); m.Flags != flagComponents || m.Text() != "\ny" {
		t.Errorf("%+v", m)
	}
}

// TestFiles: a file comes with the message that announces it, and can be fetched.
func TestFiles(t *testing.T) {
	s := start(t, Options{})
	post := func(payload, name string) int {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		form.WriteField("payload_json", payload)
		part, _ := form.CreateFormFile("files[0]", name)
		io.WriteString(part, "content")
		form.Close()
		req, err := http.NewRequest("POST", s.URL()+"/api/v9/channels/"+s.DM("1")+"/messages", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bot "+s.Token())
		req.Header.Set("Content-Type", form.FormDataContentType())
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if got := post(plain(`"attachments":[{"id":"0","filename":"a.txt"}]`), "a.txt"); got != 200 {
		t.Errorf("%d", got)
	}
	if got := post(plain(`"attachments":[{"id":"1","filename":"a.txt"}]`), "a.txt"); got != 400 {
		t.Errorf("announced by another place: %d", got)
	}
	m := s.FromBot(s.DM("1"))[0]
	at := m.attachments(s)[0].(map[string]any)["url"].(string)
	resp, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got, _ := io.ReadAll(resp.Body); string(got) != "content" {
		t.Errorf("%q", got)
	}
}

// TestChosen: what a person cannot choose, type or use is a violation.
func TestChosen(t *testing.T) {
	s := start(t, Options{})
	_, _, sent := call(t, s, "POST", "/channels/"+s.DM("1")+"/messages",
		plain(`"content":"x","components":[{"type":1,"components":[{"type":3,"custom_id":"m","options":[{"label":"One","value":"1"}]}]}]`))
	m, _ := s.Message(sent["id"].(string))
	by := User{ID: "1"}
	s.Press(m, by, "m", "1")
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("%v", v)
	}
	for n, do := range []func(){
		func() { s.Press(m, by, "m", "2") },
		func() { s.Press(m, by, "m") },
		func() { s.Press(m, by, "other") },
		func() { s.Menu(Place{}, by, "Summarize link", m) },
		func() { s.SubmitForm(s.Press(m, by, "m", "1"), "x") },
	} {
		before := len(s.Violations())
		do()
		if len(s.Violations()) == before {
			t.Errorf("%d: no violation", n)
		}
	}
}
