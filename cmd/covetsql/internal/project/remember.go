package project

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/covetsql/covetsql/cmd/covetsql/internal/version"
	"github.com/covetsql/covetsql/compiler/cache"
	"github.com/covetsql/covetsql/compiler/config"
)

// cacheVariable names the folder in which results are kept; "off" keeps nothing.
const cacheVariable = "COVETSQL_CACHE"

// Store opens what earlier runs kept for a configuration: in the folder that COVETSQL_CACHE names, else in
// the user's cache folder. It is nil where nothing is to be kept, or there is no place for it.
func Store(c *config.Config) *cache.Store {
	dir := os.Getenv(cacheVariable)
	if dir == "off" || c.File == nil {
		return nil
	}
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(user, "covetsql")
	}
	project, err := filepath.Abs(filepath.Join(c.Dir, filepath.Base(c.File.Path)))
	if err != nil {
		return nil
	}
	program, err := identity()
	if err != nil {
		return nil
	}
	return cache.Open(dir, project, program)
}

// identity tells this program from every other build of it: by its version, the head of its file, which holds
// the linker's build id, the file's size and its time.
func identity() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	if _, err := io.CopyN(h, f, min(64<<10, info.Size())); err != nil {
		return "", err
	}
	return fmt.Sprint(version.String(), info.Size(), info.ModTime().UnixNano(), hex.EncodeToString(h.Sum(nil))), nil
}
