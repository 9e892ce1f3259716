package fakediscord

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// File is a document that came with a message.
type File struct {
	Name string
	Body []byte
}

// maxUpload is the most that all files of a message may have together (reference,
// "Uploading Files": 10 MiB for everybody).
const maxUpload = 10 << 20

type filesKey struct{}

// parts takes a body of several parts apart: the JSON, and the files, which ride in the
// request's context from here to the message.
func parts(r *http.Request, body []byte) (*http.Request, []byte, error) {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return r, body, nil
	}
	var payload []byte
	var files []File
	form := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return r, nil, err
		}
		data, err := io.ReadAll(part)
		switch name := part.FormName(); {
		case err != nil:
			return r, nil, err
		case name == "payload_json":
			payload = data
		case name == fmt.Sprintf("files[%d]", len(files)) && part.FileName() != "":
			files = append(files, File{Name: part.FileName(), Body: data})
		default:
			return r, nil, fmt.Errorf("a part %q", name)
		}
	}
	return r.WithContext(context.WithValue(r.Context(), filesKey{}, files)), payload, nil
}

func filesOf(r *http.Request) []File {
	files, _ := r.Context().Value(filesKey{}).([]File)
	return files
}

// fileProblems are what is wrong with a message's files: each is announced by its place.
func (b Body) fileProblems() []string {
	var out []string
	size := 0
	for _, f := range b.Files {
		size += len(f.Body)
	}
	over(&out)("files", size, maxUpload)
	for i, a := range b.Attachments {
		n, err := strconv.ParseUint(fmt.Sprint(a.ID), 10, 64)
		if kept := n > 1<<32; err != nil || !kept && (int(n) >= len(b.Files) || b.Files[n].Name != a.Filename) {
			out = append(out, fmt.Sprintf("attachments[%d]: no file %v is called %q", i, a.ID, a.Filename))
		}
	}
	return out
}

// cdnPath is where files are downloaded: on Discord that is another host.
const cdnPath = "/attachments/"

// attachments are a message's files as the API tells them.
func (m *Message) attachments(s *Server) []any {
	out := []any{}
	for i, f := range m.Files {
		at := fmt.Sprintf("http://%s%s%s/%s/%s", s.addr, cdnPath, m.Channel, m.ID, f.Name)
		out = append(out, map[string]any{"id": fmt.Sprintf("%s%d", m.ID, i), "filename": f.Name, "size": len(f.Body),
			"url": at, "proxy_url": at, "content_type": "application/octet-stream"})
	}
	return out
}

// serveFile gives a file that somebody sent.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	at := strings.SplitN(strings.TrimPrefix(r.URL.Path, cdnPath), "/", 3)
	s.mu.Lock()
	var body []byte
	if m := s.message(at[min(1, len(at)-1)]); m != nil {
		for _, f := range m.Files {
			if f.Name == at[len(at)-1] {
				body = f.Body
			}
		}
	}
	if r.Header.Get("Authorization") != "" {
		s.violate("the token was shown to the CDN")
	}
	s.mu.Unlock()
	if body == nil {
		http.NotFound(w, r)
		return
	}
	w.Write(body)
}
