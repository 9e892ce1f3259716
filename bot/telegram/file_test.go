package telegram

import (
	"bytes"
	"strings"
	"testing"

	"newsdigest/bot"
	"newsdigest/bot/bottest/faketelegram"
	"newsdigest/digest"
)

func TestDownload(t *testing.T) {
	r := newRig(t, faketelegram.Options{Prefix: "/telegram"})
	opml := []byte("<opml/>")
	q := r.asked(t, func() { r.fake.SendFile(7, 7, faketelegram.File{Name: "my feeds.opml", Body: opml}, "") })
	got, err := r.Download(t.Context(), q, 7)
	if err != nil || !bytes.Equal(got, opml) {
		t.Fatalf("%q %v", got, err)
	}
	small := q
	small.File = &bot.File{Name: "x", Size: 1} // as a platform states it that does not know
	none := bot.Request{Native: q.Native}
	for name, err := range map[string]error{
		"said to be larger":  second(r.Download(t.Context(), q, 6)),
		"found to be larger": second(r.Download(t.Context(), small, 6)),
		"no file":            second(r.Download(t.Context(), none, 100)),
		"not readable":       second(r.Download(t.Context(), bot.Request{Native: []byte("{")}, 100)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestDownloadFails: whatever goes wrong, the file's address, which has the token in it,
// is not told.
func TestDownloadFails(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	q := r.asked(t, func() { r.fake.SendFile(7, 7, faketelegram.File{Name: "a.opml", Body: []byte("<opml/>")}, "") })
	gone := faketelegram.BadGateway(faketelegram.DownloadMethod)
	for _, f := range []faketelegram.Fault{
		gone, {Method: faketelegram.DownloadMethod, Action: faketelegram.Drop, Times: 3},
		{Method: faketelegram.DownloadMethod, Action: faketelegram.Cut, Accept: true},
		faketelegram.Refusal("getFile", 400, "Bad Request: file is too big"), faketelegram.BadGateway("getFile"),
		{Method: "getFile", Status: 200, Body: `{"ok":true,"result":{"file_path":"/var/lib/telegram/a"}}`},
		{Method: "getFile", Status: 200, Body: `{"ok":true,"result":{"file_path":"a\u007f%zz/../../x"}}`},
		{Method: "getFile", Status: 200, Body: `{"ok":true,"result":{}}`},
	} {
		r.fake.Fail(f)
		_, err := r.Download(t.Context(), q, 100)
		if err == nil {
			t.Errorf("%+v: no error", f)
			continue
		}
		noToken(t, r.fake.Token(), "error", err.Error())
		r.fake.Heal()
	}
	r.fake.Down()
	if _, err := r.client.file(t.Context(), "documents/file_0", 100); err == nil {
		t.Error("server down: no error")
	} else {
		noToken(t, r.fake.Token(), "error", err.Error())
	}
}

func TestFileGoesWithTheAnswer(t *testing.T) {
	r := newRig(t, faketelegram.Options{})
	q := r.asked(t, func() { r.fake.SayIn(-1000000000042, 0, 7, "/sources export") })
	body := []byte("<?xml version=\"1.0\"?>\n<opml version=\"2.0\"/>\n")
	export := reply("Your 14 sources.")
	export.Post.File = &digest.File{Name: "sources.opml", Body: body}
	r.answer(t, q, export)
	got := r.fake.Messages(-1000000000042)
	if len(got) != 2 || got[0].Text != "Your 14 sources." || got[1].File == nil ||
		got[1].File.Name != "sources.opml" || !bytes.Equal(got[1].File.Body, body) {
		t.Fatalf("%+v", got)
	}
	for _, fault := range []faketelegram.Fault{
		faketelegram.Flood("sendDocument", 7), faketelegram.BadGateway("sendDocument"), {Method: "sendDocument", Action: faketelegram.Drop},
	} {
		r.fake.Fail(fault)
		if err := r.Answer(t.Context(), q, export); err == nil || strings.Contains(err.Error(), r.fake.Token()) {
			t.Errorf("%+v: %v", fault, err)
		}
	}
}
