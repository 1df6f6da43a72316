package io.serveflow.local;

import org.apache.flink.types.PojoTestUtils;

import org.junit.jupiter.api.Test;

class FrameTypesTest {

    @Test
    void serializesFramesWithoutKryo() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(FrameRecord.class);
    }
}
