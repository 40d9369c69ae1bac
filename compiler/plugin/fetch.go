package plugin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// largest is the size in bytes beyond which a module is not read.
const largest = 1 << 30

// cacheFolder is where modules are kept, made where it is missing; "" keeps nothing.
func cacheFolder(dir string) (string, error) {
	if dir == "" {
		dir = os.Getenv("COVETSQL_CACHE")
	}
	if dir == "off" {
		return "", nil
	}
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("there is no folder to keep modules in; set COVETSQL_CACHE to one: %w", err)
		}
		dir = filepath.Join(user, "covetsql")
	}
	dir = filepath.Join(dir, "plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("modules can not be kept; set COVETSQL_CACHE to a folder that can be written: %w", err)
	}
	return dir, nil
}

// fetch reads a module and holds it against its checksum, where it has one. What came over
// the network is kept under its checksum and not fetched again.
func fetch(ctx context.Context, cache string, from origin) ([]byte, error) {
	want := strings.ToLower(from.sha256)
	if path, ok := strings.CutPrefix(from.url, "file://"); ok {
		b, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			return nil, fmt.Errorf("the module can not be read: %w", err)
		}
		return b, verify(b, want, from)
	}
	if !strings.HasPrefix(from.url, "https://") && !strings.HasPrefix(from.url, "http://") {
		return nil, fmt.Errorf("the module's url must begin with https://, http:// or file://, and %s does not", shown(from.url))
	}
	if want == "" {
		return download(ctx, from.url)
	}
	if _, err := hex.DecodeString(want); err != nil || len(want) != 2*sha256.Size {
		return nil, fmt.Errorf("sha256 must be %d hexadecimal digits", 2*sha256.Size)
	}
	kept := filepath.Join(cache, want+".wasm")
	if cache != "" {
		if b, err := os.ReadFile(kept); err == nil && verify(b, want, from) == nil {
			return b, nil
		}
	}
	b, err := download(ctx, from.url)
	if err != nil {
		return nil, err
	}
	if err := verify(b, want, from); err != nil {
		return nil, err
	}
	if cache == "" {
		return b, nil
	}
	if err := keep(kept, b); err != nil {
		return nil, fmt.Errorf("the module can not be kept: %w", err)
	}
	return b, nil
}

func verify(b []byte, want string, from origin) error {
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); want != "" && got != want {
		return fmt.Errorf("the module of %s has the checksum %s, not the sha256 of the configuration", shown(from.url), got)
	}
	return nil
}

func download(ctx context.Context, from string) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, errors.New("the module's url can not be understood")
	}
	q.Header.Set("User-Agent", "covetsql")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) { // it holds the url whole
			err = ue.Err
		}
		return nil, fmt.Errorf("the module can not be fetched from %s: %w", shown(from), err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the module can not be fetched from %s: the server says %s", shown(from), answer.Status)
	}
	b, err := io.ReadAll(io.LimitReader(answer.Body, largest+1))
	if err != nil {
		return nil, fmt.Errorf("the module can not be fetched from %s: %w", shown(from), err)
	}
	if len(b) > largest {
		return nil, fmt.Errorf("the module of %s is larger than %d bytes", shown(from), largest)
	}
	return b, nil
}

// keep writes a file whole or not at all.
func keep(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".fetched.*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// shown is a url for messages: a name, password or token in it stays secret.
func shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "its url"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
