"""Cinder's NFS driver; volumes grow while they are attached, except those of the type `offline`."""
from cinder.volume.drivers import nfs


class LabVolumes(nfs.NfsDriver):
    def _is_volume_attached(self, volume):
        # Nothing really writes to them: Nova's driver is the fake one.
        kind = volume.volume_type
        return super()._is_volume_attached(volume) if kind and kind.name == 'offline' else False
