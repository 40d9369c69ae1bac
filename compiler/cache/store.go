package cache

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Key names a value by all that it was computed from.
type Key [sha256.Size]byte

// Store is what is kept for one project: one file in a folder that may be deleted at any time. What can not
// be read, is damaged or was written by another program counts as not there. Processes may share a
// folder: a file is replaced as a whole, and the last one stays. A nil Store keeps nothing.
type Store struct {
	path string
	salt []byte

	mu      sync.Mutex
	entries map[Key][]byte
	used    map[Key]bool
	changed bool
}

// The folder's limits: a project that needs more than maxFile is not kept, and the files that were not used
// for longest go first beyond maxFolder.
const (
	maxFile   = 256 << 20
	maxFolder = 1 << 30
	suffix    = ".covetsql-cache"
	magic     = "covetsql cache 1"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Open reads what is kept in a folder for a project. program says which program computes: values of another one
// are of no use.
func Open(dir, project, program string) *Store {
	name := sha256.Sum256([]byte(project))
	s := &Store{
		path: filepath.Join(dir, hex.EncodeToString(name[:16])+suffix), salt: []byte(program),
		entries: map[Key][]byte{}, used: map[Key]bool{},
	}
	b, err := os.ReadFile(s.path)
	if err != nil {
		return s
	}
	if !s.load(b) {
		s.entries = map[Key][]byte{}
		return s
	}
	if info, err := os.Stat(s.path); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
		now := time.Now()
		_ = os.Chtimes(s.path, now, now) // when it was used last; nothing rests on it
	}
	return s
}

// load takes a file apart: magic, checksum of the rest, then key, length and bytes of each entry.
func (s *Store) load(b []byte) bool {
	head := len(magic) + 4
	if len(b) < head || string(b[:len(magic)]) != magic ||
		binary.LittleEndian.Uint32(b[len(magic):]) != crc32.Checksum(b[head:], castagnoli) {
		return false
	}
	for b = b[head:]; len(b) > 0; {
		var k Key
		if len(b) < len(k)+4 {
			return false
		}
		copy(k[:], b)
		n := int(binary.LittleEndian.Uint32(b[len(k):]))
		b = b[len(k)+4:]
		if n > len(b) {
			return false
		}
		s.entries[k] = b[:n:n]
		b = b[n:]
	}
	return true
}

// Key makes the key of what is computed from parts.
func (s *Store) Key(parts ...[]byte) (k Key) {
	if s == nil {
		return k
	}
	h := sha256.New()
	var n [8]byte
	for _, p := range append([][]byte{s.salt}, parts...) {
		binary.LittleEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	h.Sum(k[:0])
	return k
}

// Get gives what is kept under a key, nil where there is nothing. The bytes must not be changed.
func (s *Store) Get(k Key) []byte {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.entries[k]
	if ok {
		s.used[k] = true
	}
	return b
}

// Put keeps a value, which must not be changed any more. Nothing is written before Save.
func (s *Store) Put(k Key, value []byte) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[k] = value
	s.used[k] = true
	s.changed = true
}

// Save writes what this run used and made; what it did not ask for is forgotten. A folder that can
// not be written is no error: the next run computes again.
func (s *Store) Save() {
	if s == nil || !s.changed {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = false
	size := len(magic) + 4
	for k := range s.used {
		size += len(k) + 4 + len(s.entries[k])
	}
	if size > maxFile {
		_ = os.Remove(s.path)
		return
	}
	b := append(make([]byte, 0, size), magic...)
	b = append(b, 0, 0, 0, 0)
	for k := range s.used {
		v := s.entries[k]
		b = append(b, k[:]...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(v)))
		b = append(b, v...)
	}
	head := len(magic) + 4
	binary.LittleEndian.PutUint32(b[len(magic):], crc32.Checksum(b[head:], castagnoli))
	dir := filepath.Dir(s.path)
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(dir, "new-*"+suffix)
	if err != nil {
		return
	}
	_, err = f.Write(b)
	if err2 := f.Close(); err != nil || err2 != nil || os.Rename(f.Name(), s.path) != nil {
		os.Remove(f.Name())
		return
	}
	trim(dir, maxFolder)
}

// trim removes the files of a folder that were not used for longest, until the rest is small enough.
func trim(dir string, limit int64) {
	type file struct {
		path string
		fs.FileInfo
	}
	var files []file
	total := int64(0)
	found, _ := filepath.Glob(filepath.Join(dir, "*"+suffix))
	for _, path := range found {
		if info, err := os.Stat(path); err == nil {
			files = append(files, file{path, info})
			total += info.Size()
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Or(a.ModTime().Compare(b.ModTime()), cmp.Compare(a.path, b.path)) })
	for _, f := range files {
		if total <= limit {
			return
		}
		if os.Remove(f.path) == nil {
			total -= f.Size()
		}
	}
}
