# shellcheck shell=bash
# ./dbaas image: the guest image for planes with virtual machines. Sourced, never run.

IMAGE_PACKAGES=(mmdebstrap e2fsprogs fdisk qemu-utils grub-pc-bin grub-common)
IMAGE_SUITE=bookworm
# A constant: the disk's names are the same in each build of a recipe.
IMAGE_TIME=1735689600

image() {
  local command=${1:-}
  shift || true
  case $command in
    build) image_build "$@" ;;
    *) die "./dbaas image build [--datastore mariadb] [--version 10.11] [--format raw|qcow2]" ;;
  esac
}

# image_build: prints the path of the disk; kernel, initrd and the list of packages lie beside it.
image_build() {
  local datastore=mariadb version=10.11 format=qcow2
  while (($#)); do
    case $1 in
      --datastore) datastore=${2:?} ;;
      --version) version=${2:?} ;;
      --format) format=${2:?} ;;
      *) die "image build: '$1' is not an option." ;;
    esac
    shift 2
  done
  [[ $format == raw || $format == qcow2 ]] || die "image build: the format is raw or qcow2."
  local list=images/guest/$datastore-$version.list
  [[ -e $list ]] || die "there is no recipe for $datastore $version; there are: $(cd images/guest && echo *-*.list)"

  ensure_agent_published
  local key cache folder
  key=$(hash_of images/guest/packages.list "$list" images/guest/{early,files,customize.sh,grub.cfg} scripts/image.sh "$AGENT")
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/dbaas/images
  folder=$cache/guest-$datastore-$version-$key
  mkdir -p "$cache"
  (
    # One build at a time; whoever waited finds it done.
    exec 8>"$cache/.guest.lock"
    flock 8
    [[ -e $folder/disk.qcow2 ]] || make_image "$list" "$folder" 8>&-
    [[ $format == qcow2 || -e $folder/disk.raw ]] || qemu-img convert -O raw "$folder/disk.qcow2" "$folder/disk.raw.new" 8>&-
    [[ $format == qcow2 || -e $folder/disk.raw ]] || mv "$folder/disk.raw.new" "$folder/disk.raw"
  ) || die "the image could not be built"
  printf '%s\n' "$folder/disk.$format"
}

# make_image LIST FOLDER: everything in a folder of another name, renamed when it is complete.
make_image() {
  local list=$1 folder=$2 started=$SECONDS
  ensure_packages "${IMAGE_PACKAGES[@]}"
  note "Building the guest image (some minutes; kept in $(dirname "$folder")) …"
  local new=$folder.new
  as_root rm -rf "$new"
  mkdir -p "$new"
  make_root "$list" "$new" || return 1
  make_disk "$new" || return 1
  as_root chown -R "$(id -u):$(id -g)" "$new"
  mv "$new" "$folder"
  note "Built in $((SECONDS - started)) s: $(du -m "$folder/disk.qcow2" | cut -f1) MB."
}

# make_root LIST NEW: NEW/root, the root file system; NEW/vmlinuz, NEW/initrd and NEW/packages.
make_root() {
  local list=$1 new=$2 packages
  packages=$(sed 's/#.*//' images/guest/packages.list "$list" | xargs | tr ' ' ,)
  as_root env "SOURCE_DATE_EPOCH=$IMAGE_TIME" mmdebstrap --quiet --mode=root --variant=minbase "--include=$packages" \
    --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --essential-hook='cp -r --no-preserve=ownership images/guest/early/. "$1/"' \
    --customize-hook="images/guest/customize.sh \"\$1\" images/guest/files '$AGENT'" \
    "$IMAGE_SUITE" "$new/root" >&2 || return 1
  # Two builds have the same files, with the same times.
  as_root find "$new/root" -xdev -newermt "@$IMAGE_TIME" -exec touch --no-dereference "--date=@$IMAGE_TIME" {} + || return 1
  as_root chroot "$new/root" dpkg-query -W >"$new/packages"
  as_root cat "$new"/root/boot/vmlinuz-* >"$new/vmlinuz"
  as_root cat "$new"/root/boot/initrd.img-* >"$new/initrd"
}

# make_disk NEW: NEW/disk.qcow2 from NEW/root. No loop device and no mount: it works in a container too.
make_disk() {
  local new=$1 raw=$1/disk.new
  local first=2048 sectors=$((2 * 1024 * 1024 * 2))
  truncate -s $((sectors * 512)) "$raw"
  sfdisk --quiet "$raw" <<<"label: dos
label-id: 0xdba50001
start=$first, type=83, bootable" || return 1
  as_root env "E2FSPROGS_FAKE_TIME=$IMAGE_TIME" mke2fs -q -F -t ext4 -L dbaas-root -U dba50000-0000-4000-8000-000000000001 -m 1 \
    -O ^metadata_csum_seed,^orphan_file -E "offset=$((first * 512)),nodiscard,lazy_itable_init=1,lazy_journal_init=1" \
    -d "$new/root" "$raw" $(((sectors - first) / 2))k || return 1

  # The boot loader: its first sector, which loads the one after it, where the rest is.
  grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -c images/guest/grub.cfg -o "$new/core.img" biosdisk part_msdos ext2 linux || return 1
  (($(stat -c %s "$new/core.img") < (first - 1) * 512)) || die "the boot loader does not fit"
  dd if=/usr/lib/grub/i386-pc/boot.img of="$raw" bs=440 count=1 conv=notrunc status=none
  dd if="$new/core.img" of="$raw" bs=512 seek=1 conv=notrunc status=none

  qemu-img convert -c -O qcow2 "$raw" "$new/disk.qcow2" || return 1
  as_root rm -rf "$new/root" "$raw" "$new/core.img"
}
