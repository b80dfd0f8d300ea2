/**
 * Volumes as tar files: what any other program can read, and what other programs wrote. Read {@link
 * dev.holdfast.agent.archive.ExportRun} first, then {@link dev.holdfast.agent.archive.ImportRun}.
 *
 * <p>Export: a {@link dev.holdfast.agent.archive.SnapshotFeed} or a {@link dev.holdfast.agent.archive.FolderFeed} gives entries and
 * content in order, {@link dev.holdfast.agent.archive.TarWriter} makes them what GNU tar would write with {@code --format=pax
 * --xattrs --acls -S}, and {@link dev.holdfast.agent.archive.NewFile} lets the file appear under its name only when it is whole.
 *
 * <p>Import: {@link dev.holdfast.agent.archive.TarReader} reads the dialects of GNU tar and bsdtar, {@link
 * dev.holdfast.agent.archive.Planting} makes the files in a folder of their own inside the target, and only when the archive has
 * been read to its end they move to where they belong. Names are bytes, folders are opened one by one, and no link is followed: an
 * archive is as hostile as whoever made it.
 *
 * <p>Headers of 512 bytes are read and written by commons-compress. Extended headers are not: it takes them for UTF-8 text, which
 * access control lists, capabilities and many names are not ({@code docs/decisions/0012-tar.md}).
 */
@NullMarked
package dev.holdfast.agent.archive;

import org.jspecify.annotations.NullMarked;
