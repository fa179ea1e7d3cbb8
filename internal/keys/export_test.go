package keys

import "tearline"

// Parse reads the texts of the two files as Load does.
func Parse(key, wording []byte, party tearline.PartyID) (k *Keys, keyErr, wordErr error) {
	k = &Keys{}
	k.Statement, k.Log, keyErr = parseKeys(key, party)
	k.Wording, wordErr = parseWording(wording)
	return k, keyErr, wordErr
}
