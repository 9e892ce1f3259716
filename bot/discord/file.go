package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"newsdigest/bot"
	"newsdigest/digest"
)

// upload announces a file that comes with a message.
type upload struct {
	ID   string `json:"id"`
	Name string `json:"filename"`
}

// with is the message with a document. A panel has to say where it shows it.
func (m message) with(f *digest.File) message {
	if f == nil {
		return m
	}
	name := strings.ReplaceAll(path.Base(digest.Clean(f.Name)), " ", "_")
	m.file = f
	m.Attachments = []upload{{ID: "0", Name: name}}
	if m.Flags&flagPanel != 0 {
		m.Components = append(m.Components, component{Type: typeFile, File: &media{URL: "attachment://" + name}})
	}
	return m
}

// encode is a call's body: JSON, or the parts of a form where a file comes with it
// (reference, "Uploading Files").
func encode(body any) (data []byte, contentType string, err error) {
	const plain = "application/json"
	if body == nil {
		return nil, plain, nil
	}
	if data, err = json.Marshal(body); err != nil {
		return nil, "", err
	}
	m, ok := body.(message)
	if !ok || m.file == nil {
		return data, plain, nil
	}
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	head := http.Header{"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {plain}}
	part, _ := form.CreatePart(map[string][]string(head)) // a buffer takes everything
	part.Write(data)
	part, _ = form.CreateFormFile("files[0]", m.Attachments[0].Name)
	part.Write(m.file.Body)
	form.Close()
	return b.Bytes(), form.FormDataContentType(), nil
}

// cdn is where Discord keeps what people sent along.
const cdn = "cdn.discordapp.com"

// Download implements bot.Downloader. The address came from Discord; it is asked only if
// it is one of Discord's, or of the address that the bot was told to use instead.
func (p *Platform) Download(ctx context.Context, r bot.Request, limit int) ([]byte, error) {
	from, err := url.Parse(read(r).File)
	if err != nil || !p.keeps(from) {
		return nil, errors.New("discord: the file is not where Discord keeps files")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return nil, errors.New("discord: the file has no address")
	}
	client := &http.Client{Transport: p.transport.next, Timeout: p.timing.call,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("discord: the file was not sent: %w", plain(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("discord: the file was not sent: %s", resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("discord: the file was cut off: %w", plain(err))
	case len(data) > limit:
		return nil, fmt.Errorf("discord: the file is larger than %d bytes", limit)
	}
	return data, nil
}

// keeps tells whether files that people sent may be at an address.
func (p *Platform) keeps(at *url.URL) bool {
	base := p.transport.base
	return at.Scheme == "https" && at.Host == cdn || at.Scheme == base.Scheme && at.Host == base.Host
}
