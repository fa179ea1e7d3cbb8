package ledger

// ProveInclusion is the part of Prove that reads hashes, for its benchmark.
var ProveInclusion = proveInclusion

// SignRaw signs any payload: what a partner's program that is wrong, or
// hostile, could send.
func SignRaw(k *Key, payload []byte) ([]byte, error) { return k.signer.Sign(pae(payload)) }

// TilePath is where a tile of a width is published; level -1 is bundles.
func TilePath(level int, n int64, width int) string { return tile{level, n, width}.path() }
