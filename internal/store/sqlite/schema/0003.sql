-- Version 3: published texts. Background is what everybody may read; what a
-- party watches, what it has looked at and its cases are its own.

-- id grows, as nothing is ever taken out; the newest is how many there are.
create table background (
    id        integer primary key,
    source    text not null,
    key       text not null,
    title     text not null,
    url       text not null,
    published text not null,
    text      text not null
) strict;
create unique index background_key on background (source, key);

-- How it stands with a feed: what its server said last, and when it may be
-- asked again.
create table watched (
    party         text not null,
    feed          text not null,
    etag          text not null,
    last_modified text not null,
    tried         text not null,
    next          text not null,
    failures      integer not null,
    primary key (party, feed)
) strict, without rowid;

-- The items of a feed that have been looked at: the digest of what names one
-- and of what it said.
create table watched_items (
    party text not null,
    feed  text not null,
    item  blob not null,
    at    text not null,
    primary key (party, feed, item)
) strict, without rowid;

-- number counts a party's cases from 1. The sighting is '' until the case is
-- recorded in the ledger; by then the statement must be there.
create table cases (
    seq       integer primary key,
    party     text not null,
    number    integer not null,
    id        text not null,
    opened    text not null,
    title     text not null,
    url       text not null,
    published text not null,
    text      text not null,
    sighting  text not null,
    result    text not null
) strict;
create unique index cases_name on cases (party, id);
create unique index cases_party on cases (party, number);
