package leakindex

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"tearline/internal/warrant/shards"
	"tearline/leak/segment"
)

const (
	manifestName = "manifest.json"
	lockName     = "lock"
	tempPrefix   = ".tmp-"
	segSuffix    = ".seg"

	manifestFormat = 1
	mostManifest   = 64 << 20
)

var segName = regexp.MustCompile(`^[0-9a-f]{32}\.seg$`)

// A manifest says which segments there are.
type manifest struct {
	// Seen is how far the store is read: all up to there is in the segments.
	Seen point `json:"seen"`
	// Last is the newest report of which there is something in them.
	Last     stamp   `json:"last"`
	Segments []entry `json:"segments"`
}

// An entry is one segment in the manifest.
type entry struct {
	File  string `json:"file"`
	Shard string `json:"shard"`
	// Marking says in words how the content is marked at the highest, for the
	// people who look at the file.
	Marking   string `json:"marking"`
	Documents int    `json:"documents"`
	Size      int64  `json:"size"`
	// Upto is the newest mark in it; up to there nothing of the shard is
	// missing in its segments.
	Upto int64 `json:"upto"`

	shard shards.Shard
}

// label is what a segment has inside, so that no file can stand for another.
func (e *entry) label() string { return e.File + " " + e.Shard }

// marking puts a shard in words.
func marking(s shards.Shard) string {
	if s == (shards.Shard{}) {
		return "of no known marking"
	}
	text := s.Level + ", policy " + s.Policy
	if s.Compartments != "" {
		text += ", compartments " + strings.ReplaceAll(s.Compartments, ",", " ")
	}
	return text
}

// A frame is the manifest's file: the sum is over the manifest without blanks.
type frame struct {
	Format int             `json:"format"`
	SHA256 string          `json:"sha256"`
	Index  json.RawMessage `json:"index"`
}

func (m *manifest) encode() ([]byte, error) {
	if m.Segments == nil {
		m.Segments = []entry{}
	}
	index, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(index)
	text, err := json.MarshalIndent(frame{manifestFormat, hex.EncodeToString(sum[:]), index}, "", "\t")
	return append(text, '\n'), err
}

// parseManifest reads what encode wrote, and nothing else.
func parseManifest(text []byte) (*manifest, error) {
	var f frame
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	if f.Format != manifestFormat {
		return nil, fmt.Errorf("format %d", f.Format)
	}
	var index bytes.Buffer
	if err := json.Compact(&index, f.Index); err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(index.Bytes()); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, errors.New("it does not add up")
	}
	m := &manifest{}
	if err := json.Unmarshal(index.Bytes(), m); err != nil {
		return nil, err
	}
	return m, m.check()
}

func (m *manifest) check() error {
	if m.Seen.Mark < 0 || m.Seen.Reports < 0 || m.Last.Mark < m.Seen.Mark {
		return errors.New("marks that cannot be")
	}
	names := map[string]bool{}
	for i := range m.Segments {
		e := &m.Segments[i]
		if !segName.MatchString(e.File) || names[e.File] {
			return fmt.Errorf("segment %.40q", e.File)
		}
		names[e.File] = true
		if e.Documents < 1 || e.Documents > segment.MostDocuments || e.Size < 1 || e.Upto < 1 || e.Upto > m.Last.Mark {
			return fmt.Errorf("segment %s: figures that cannot be", e.File)
		}
		var err error
		if e.shard, err = shards.Parse(e.Shard); err != nil {
			return fmt.Errorf("segment %s: %w", e.File, err)
		}
	}
	return nil
}

// A folder is where the files of an index are.
type folder struct {
	dir string
	// step, if any, comes before each change and can fail it; for tests.
	step func(what, name string) error
}

func (f folder) before(what, name string) error {
	if f.step == nil {
		return nil
	}
	return f.step(what, name)
}

// read returns a file of at most so many bytes, nil if there is none.
func (f folder) read(name string, most int64) ([]byte, fs.FileInfo, error) {
	file, err := os.Open(filepath.Join(f.dir, name)) //nolint:gosec // a name of ours in the caller's directory
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if int64(len(text)) > most {
		text = text[:0] // nothing of ours, and it does not parse
	}
	return text, info, err
}

// replace gives a file new content, in one step and durably.
func (f folder) replace(name string, text []byte) (err error) {
	if err := f.before("create", name); err != nil {
		return err
	}
	temp, err := os.CreateTemp(f.dir, tempPrefix) // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.remove(filepath.Base(temp.Name())))
		}
	}()
	_, err = temp.Write(text)
	if err == nil {
		err = f.before("sync", name)
	}
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err = f.before("rename", name); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), filepath.Join(f.dir, name)); err != nil {
		return err
	}
	return f.sync()
}

// sync makes all names in the folder durable.
func (f folder) sync() error {
	if err := f.before("sync", "."); err != nil {
		return err
	}
	return syncDir(f.dir)
}

// remove removes a file; that it is not there is no error.
func (f folder) remove(name string) error {
	if err := f.before("remove", name); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(f.dir, name)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// sweep removes what an interrupted writer left: segments that are not named,
// and what is unfinished.
func (f folder) sweep(named func(file string) bool) error {
	list, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	for _, d := range list {
		name := d.Name()
		if strings.HasPrefix(name, tempPrefix) || segName.MatchString(name) && !named(name) {
			if err := f.remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}
