package faketelegram

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Limits of files (Bot API, sendDocument and getFile).
const (
	maxCaption  = 1024     // characters after parsing
	maxDownload = 20 << 20 // bytes
)

// File is a document.
type File struct {
	Name string
	Body []byte
}

// SendFile makes a user send a document in a chat, with a text under it or without. It
// returns the message's id.
func (s *Server) SendFile(chat, user int64, f File, caption string) int {
	s.mu.Lock()
	name := fmt.Sprintf("documents/file_%d", len(s.files))
	s.files[name] = f
	s.mu.Unlock()
	fields := map[string]any{"document": map[string]any{
		"file_id": name, "file_unique_id": name, "file_name": f.Name, "file_size": len(f.Body),
	}}
	if caption != "" {
		fields["caption"] = caption
	}
	return s.say(chat, 0, user, "", fields)
}

// getFile gives the path under which a file can be fetched.
func (s *Server) getFile(p params) (any, *apiError) {
	id := p["file_id"]
	f, ok := s.files[id]
	switch {
	case !ok:
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	case len(f.Body) > maxDownload:
		return nil, badRequest("file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": id, "file_size": len(f.Body), "file_path": id}, nil
}

// DownloadMethod is how fetching a file is called in the ledger and in faults.
const DownloadMethod = "download"

// download answers a GET of a file's own address.
func (s *Server) download(path string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[path]
	call := &Call{N: len(s.ledger.calls) + 1, At: s.opts.Now(), Method: DownloadMethod, Status: http.StatusOK}
	s.ledger.calls = append(s.ledger.calls, call)
	s.notify()
	if !ok {
		call.Status = http.StatusNotFound
		return jsonAnswer(nil, &apiError{code: http.StatusNotFound, description: "Not Found"})
	}
	return answer{status: http.StatusOK, body: f.Body, header: http.Header{"Content-Type": {"application/octet-stream"}}}
}

// An uploaded file stands among the parameters as its name and its bytes.
const uploadMark = "\x00"

func (p params) addFiles(files map[string][]*multipart.FileHeader) error {
	for field, fs := range files {
		f, err := fs[0].Open()
		if err != nil {
			return err
		}
		body, err := io.ReadAll(f)
		if err != nil {
			return err
		}
		p[field] = fs[0].Filename + uploadMark + string(body)
	}
	return nil
}

// upload reads a parameter that is a file.
func (p params) upload(field string) (File, bool) {
	name, body, ok := strings.Cut(p[field], uploadMark)
	return File{Name: name, Body: []byte(body)}, ok && name != ""
}

func (s *Server) sendDocument(p params) (any, *apiError) {
	f, ok := p.upload("document")
	switch {
	case !ok:
		return nil, badRequest("there is no document in the request")
	case len(bytes.TrimSpace(f.Body)) == 0:
		return nil, badRequest("file must be non-empty")
	}
	c, e := p.words("caption")
	if e != nil {
		return nil, e
	}
	if utf8.RuneCountInString(c.text) > maxCaption {
		return nil, badRequest("message caption is too long")
	}
	if e := p.keyboard(&c); e != nil {
		return nil, e
	}
	r, e := s.open(p)
	if e != nil {
		return nil, e
	}
	m, e := s.place(r, p)
	if e != nil {
		return nil, e
	}
	m.set(c)
	m.Preview, m.File = false, &f
	return s.show(r, m), nil
}
