package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"
)

// Microsoft Sentinel takes 100 requests a minute, says 200 even where it refuses objects, and in a 429 how long to wait.
const (
	uploadPause   = 600 * time.Millisecond
	uploadTries   = 5
	uploadTimeout = 60 * time.Second
	// uploadWait is the longest wait that the other side may ask for, uploadTold how many refused objects are named.
	uploadWait = 5 * time.Minute
	uploadTold = 20
)

// uploader sends bodies of the upload API one after another.
type uploader struct {
	client *http.Client
	to     string
	token  string
	// wait sleeps; say tells a person.
	wait func(ctx context.Context, d time.Duration) error
	say  func(format string, args ...any)

	sent, refused int
}

// checkUpload says why an address is not one to send a token to.
func checkUpload(to, token string) error {
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return usagef("--upload: give the address of the upload API, https://…/threat-intelligence-stix-objects:upload?api-version=…")
	case u.Scheme != "https" && (u.Scheme != "http" || !onLoopback(u.Hostname()+":0")):
		return usagef("--upload: only https, so that the token stays secret")
	case token == "":
		return usagef("--upload: put the access token into RAPSHEET_UPLOAD_TOKEN")
	}
	return nil
}

// send uploads bodies, one a line, and tells of each object that was refused.
func (u *uploader) send(ctx context.Context, lines []byte) error {
	for body := range bytes.Lines(lines) {
		if len(bytes.TrimSpace(body)) == 0 {
			continue
		}
		if u.sent > 0 {
			if err := u.wait(ctx, uploadPause); err != nil {
				return err
			}
		}
		if err := u.sendOne(ctx, body); err != nil {
			return fmt.Errorf("upload after %d objects: %w", u.sent, err)
		}
	}
	u.say("%d objects sent, %d of them refused", u.sent, u.refused)
	if u.refused > 0 {
		return errPartial
	}
	return nil
}

// sendOne sends one body, again where the other side is busy.
func (u *uploader) sendOne(ctx context.Context, body []byte) error {
	var held struct {
		Objects []struct{ ID, Type string } `json:"stixobjects"`
	}
	if err := json.Unmarshal(body, &held); err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	for try := 1; ; try++ {
		status, answer, head, err := u.post(ctx, body)
		busy := err != nil || status == http.StatusTooManyRequests || status >= 500
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !busy && status < 300:
			u.sent += len(held.Objects)
			u.tell(answer, func(i int) string {
				if i < 0 || i >= len(held.Objects) {
					return "an object"
				}
				return held.Objects[i].ID
			})
			return nil
		case !busy:
			return fmt.Errorf("the server answers %d: %s", status, oneLineOf(answer))
		case try == uploadTries && err != nil:
			return fmt.Errorf("send: %w", err)
		case try == uploadTries:
			return fmt.Errorf("the server still answers %d after %d tries: %s", status, try, oneLineOf(answer))
		}
		if err := u.wait(ctx, askedWait(head, answer, time.Duration(try)*5*time.Second)); err != nil {
			return err
		}
	}
}

func (u *uploader) post(ctx context.Context, body []byte) (int, []byte, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+u.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := u.client.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close() //nolint:errcheck // read only
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, b, res.Header, err
}

// tell reads which objects an answer refuses: it says 200 all the same.
func (u *uploader) tell(answer []byte, called func(i int) string) {
	var a struct {
		Errors []struct {
			Index    *int     `json:"recordIndex"`
			Messages []string `json:"errorMessages"`
		} `json:"errors"`
	}
	if len(bytes.TrimSpace(answer)) == 0 {
		return
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		u.say("the answer is not JSON, so that it is not known what was refused: %s", oneLineOf(answer))
		return
	}
	for _, e := range a.Errors {
		if u.refused++; u.refused > uploadTold {
			continue
		}
		i := -1
		if e.Index != nil {
			i = *e.Index
		}
		u.say("refused: %s: %s", called(i), terminalSafe(fmt.Sprint(e.Messages)))
	}
}

var tryAgain = regexp.MustCompile(`[Tt]ry again in (\d{1,6}) second`)

// askedWait is how long a busy server asks to wait, in a header or in words.
func askedWait(head http.Header, answer []byte, otherwise time.Duration) time.Duration {
	asked := head.Get("Retry-After")
	if m := tryAgain.FindSubmatch(answer); asked == "" && m != nil {
		asked = string(m[1])
	}
	n, err := strconv.Atoi(cmp.Or(asked, "x"))
	if err != nil || n < 0 {
		return otherwise
	}
	return min(time.Duration(n)*time.Second, uploadWait)
}

func oneLineOf(b []byte) string { return clip(terminalSafe(string(bytes.TrimSpace(b))), 300) }

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
