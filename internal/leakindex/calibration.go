package leakindex

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

const (
	calibrationName = "calibration.json"
	// MaxCalibration is how long a calibration may be, in bytes.
	MaxCalibration = 4 << 20
)

// A calibration is kept with a sum: other figures are worse than none.
type calibration struct {
	Format int    `json:"format"`
	SHA256 string `json:"sha256"`
	Data   []byte `json:"data"`
}

func (c *calibration) sum() string {
	sum := sha256.Sum256(c.Data)
	return hex.EncodeToString(sum[:])
}

// Calibration returns what [Index.SetCalibration] was given last, by any
// process. It is not ok if there is none, or none that is whole.
func (ix *Index) Calibration() (data []byte, ok bool) {
	text, _, err := ix.files.read(calibrationName, 2*MaxCalibration)
	var c calibration
	if err != nil || json.Unmarshal(text, &c) != nil || c.Format != 1 || c.sum() != c.SHA256 {
		return nil, false
	}
	return c.Data, true
}

// SetCalibration keeps what the caller found out about the index, at most
// [MaxCalibration] bytes; what that is, is the caller's affair. It is not kept
// if another process is writing: whoever finds none makes it again.
func (ix *Index) SetCalibration(data []byte) (err error) {
	if len(data) > MaxCalibration {
		return fmt.Errorf("calibration of %d bytes: at most %d", len(data), MaxCalibration)
	}
	c := calibration{Format: 1, Data: data}
	c.SHA256 = c.sum()
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	ok, err := ix.tryAcquire(false)
	if err != nil || !ok {
		return err
	}
	defer func() { err = errors.Join(err, ix.yield()) }()
	return ix.files.replace(calibrationName, append(text, '\n'))
}
