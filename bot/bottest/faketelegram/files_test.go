package faketelegram

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

func TestFiles(t *testing.T) {
	s := New(t, Options{Prefix: "/telegram"})
	s.SendFile(7, 7, File{Name: "feeds.opml", Body: []byte("<opml/>")}, "mine")
	var updates []struct {
		Message struct {
			Caption  string
			Document struct {
				ID   string `json:"file_id"`
				Name string `json:"file_name"`
			}
		}
	}
	if err := json.Unmarshal(call(t, s, "getUpdates").Result, &updates); err != nil {
		t.Fatal(err)
	}
	d := updates[0].Message.Document
	if d.Name != "feeds.opml" || updates[0].Message.Caption != "mine" {
		t.Errorf("%+v", updates[0])
	}
	var file struct {
		Path string `json:"file_path"`
	}
	if err := json.Unmarshal(call(t, s, "getFile", "file_id", d.ID).Result, &file); err != nil {
		t.Fatal(err)
	}
	if r := call(t, s, "getFile", "file_id", "x"); r.Description != "Bad Request: wrong file_id or the file is temporarily unavailable" {
		t.Errorf("%+v", r)
	}
	for path, want := range map[string]string{
		s.Token() + "/" + file.Path: "200 <opml/>",
		s.Token() + "/x":            "404 ", "1:wrong/" + file.Path: "401 ", s.Token() + "/": "404 ",
	} {
		resp, err := http.Get(s.URL() + "/file/bot" + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if got := resp.Status[:4] + string(body); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestSendDocument(t *testing.T) {
	s := New(t, Options{})
	s.AddChat(Chat{ID: 7, Type: "private"})
	send := func(name, body, caption string) string {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		w.WriteField("chat_id", "7")
		w.WriteField("caption", caption)
		w.WriteField("parse_mode", "HTML")
		if name != "" {
			part, err := w.CreateFormFile("document", name)
			if err != nil {
				t.Fatal(err)
			}
			part.Write([]byte(body))
		} else {
			w.WriteField("document", "x")
		}
		w.Close()
		resp, err := http.Post(s.URL()+"/bot"+s.Token()+"/sendDocument", w.FormDataContentType(), &form)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var r reply
		if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
			t.Fatal(err)
		}
		return r.Description
	}
	for _, c := range []struct{ name, body, caption, want string }{
		{"a.opml", "<opml/>", "<b>mine</b>", ""},
		{"a.opml", " ", "", "Bad Request: file must be non-empty"},
		{"", "", "", "Bad Request: there is no document in the request"},
		{"a.opml", "x", strings.Repeat("a", 1025), "Bad Request: message caption is too long"},
	} {
		if got := send(c.name, c.body, c.caption); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
	m := s.Messages(7)
	if len(m) != 1 || m[0].File == nil || m[0].File.Name != "a.opml" || string(m[0].File.Body) != "<opml/>" || m[0].Text != "mine" {
		t.Errorf("%+v", m)
	}
	if r := call(t, s, "editMessageText", "chat_id", "7", "message_id", "1", "text", "x"); r.Description != "Bad Request: there is no text in the message to edit" {
		t.Errorf("%+v", r)
	}
}

func TestChannels(t *testing.T) {
	const channel = -1000000000009
	s := New(t, Options{})
	s.AddChat(Chat{ID: channel, Type: "channel", Title: "Harbor news", Username: "harbor_news"})
	s.SetStatus(channel, 1, "creator")
	s.SetAdmin(channel, 2)
	s.Mute(channel, 2)
	for _, c := range []struct {
		method, field, want string
		pairs               []string
	}{
		{"getChat", `"id":-1000000000009`, "", []string{"chat_id", "@Harbor_News"}},
		{"getChat", "", "Bad Request: chat not found", []string{"chat_id", "@nobody"}},
		{"getChatMember", `"can_post_messages":false`, "", []string{"chat_id", "@harbor_news", "user_id", "2"}},
		{"getChatMember", `"can_post_messages":true`, "", []string{"chat_id", "@harbor_news", "user_id", "987654321"}},
		{"getChatAdministrators", `"username":"newsdigest_bot"`, "", []string{"chat_id", "@harbor_news"}},
		{"sendMessage", `"message_id":1`, "", []string{"chat_id", "@harbor_news", "text", "x"}},
	} {
		if r := call(t, s, c.method, c.pairs...); r.Description != c.want || !strings.Contains(string(r.Result), c.field) {
			t.Errorf("%s %q: %s %q", c.method, c.pairs, r.Result, r.Description)
		}
	}
	s.SetStatus(channel, BotID, "left")
	if r := call(t, s, "sendMessage", "chat_id", "@harbor_news", "text", "x"); r.Description != "Bad Request: need administrator rights in the channel chat" {
		t.Errorf("%+v", r)
	}
	if r := call(t, s, "getChatAdministrators", "chat_id", "@harbor_news"); r.Description != "Bad Request: member list is inaccessible" {
		t.Errorf("%+v", r)
	}
}
