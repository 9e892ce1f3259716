package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"newsdigest/bot"
	"newsdigest/digest"
)

// transferTime is how long a file may take, either way.
const transferTime = 30 * time.Second

// Download implements bot.Downloader.
func (t *Telegram) Download(ctx context.Context, r bot.Request, limit int) ([]byte, error) {
	n, err := readNative(r)
	switch {
	case err != nil:
		return nil, err
	case n.File == "" || r.File == nil:
		return nil, errors.New("telegram: no file came with the message")
	case r.File.Size > limit:
		return nil, tooLarge(limit)
	}
	var file struct {
		Path string `json:"file_path"`
	}
	if err := t.client.call(ctx, "getFile", tgbotapi.Params{"file_id": n.File}, &file); err != nil {
		return nil, t.failed(err, r.Chat)
	}
	ctx, cancel := context.WithTimeout(ctx, transferTime)
	defer cancel()
	body, err := t.client.file(ctx, file.Path, limit)
	if err != nil {
		return nil, fmt.Errorf("telegram: the file was not read: %w", err)
	}
	return body, nil
}

func tooLarge(limit int) error {
	return fmt.Errorf("telegram: the file has more than %d bytes", limit)
}

// file fetches a file by the path that Telegram gave it. The address has the token in it,
// so that no error tells it.
func (c *client) file(ctx context.Context, path string, limit int) ([]byte, error) {
	if path == "" || strings.HasPrefix(path, "/") || strings.Contains(path, "..") {
		// A local Bot API server names a file of its own disk.
		return nil, errors.New("the server does not hand out files")
	}
	address := c.base + "/file/bot" + c.token + "/" + (&url.URL{Path: path}).EscapedPath()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, c.redact(err)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, c.redact(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, errBroken
	case len(body) > limit:
		return nil, tooLarge(limit)
	}
	return body, nil
}

// attach sends the file of a post after it; none is nothing to do.
func (t *Telegram) attach(ctx context.Context, r bot.Request, f *digest.File) error {
	if f == nil {
		return nil
	}
	file := []tgbotapi.RequestFile{{Name: "document", Data: tgbotapi.FileBytes{Name: digest.Clean(f.Name), Bytes: f.Body}}}
	send := func(api *tgbotapi.BotAPI, p tgbotapi.Params) (*tgbotapi.APIResponse, error) {
		return api.UploadFiles("sendDocument", p, file)
	}
	if err := t.client.callBy(ctx, transferTime, "sendDocument", target(r.Place), send, nil); err != nil {
		return t.failed(err, r.Place)
	}
	return nil
}
